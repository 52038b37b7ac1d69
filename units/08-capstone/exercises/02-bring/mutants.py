"""Which other answers of the solution's kind are right."""

from nonconv.checks.properties import PROPERTIES


def bring(answer):
    """By the property itself, on sizes that the check does not ask for."""
    tasks = [{"M": 1, "size": 8}, {"M": 3, "size": 20}, {"M": 2, "size": 13}]
    return all(PROPERTIES["is_predicted_rightly"].of(task, answer(**task)) is None for task in tasks)


RIGHT = {"bring": bring}
