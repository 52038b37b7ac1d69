# Each target is a line that a person could type. On Windows, or with conda, see docs/installation.md: nothing needs make.
# The words behind ## are what `make help` prints.
PYTHON ?= python3.11
BIN = .venv/bin
UNIT ?=
# UNIT=03 is enough: the folder's whole name is looked up
override UNIT := $(if $(UNIT),$(or $(firstword $(notdir $(wildcard units/$(UNIT)-* exercises/$(UNIT)-*))),$(UNIT)))
NAME ?=
ME ?=
FROM ?= inbox
FOR ?= table
DEVICE ?= cpu
PYODIDE ?=
ISOLATION ?= yes
# nbgrader starts `alembic` by name
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help lab test lint exercise check giveaways mutants build docs start release wheel grade feedback grades queue weekly fuzz coq gallery \
	site slides check-site playground screenshots bench bench-grading bench-proofs constraints

help:  ## what make can do; bare `make` shows it
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## /{printf "make %-15s%s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "UNIT is a folder of units/, such as UNIT=02-reduction-to-convolution or UNIT=02. All of it is explained in docs/."

# the environment: made once, and again when what it is made from changes. A student's is the smallest, an
# instructor's holds it, a developer's (`ready`) holds both.
define install
$(PYTHON) -m venv .venv
$(BIN)/python -m pip install --quiet --progress-bar on -r $(1)
touch $(2) $@
endef
.venv/student: pyproject.toml constraints.txt requirements.txt
	$(call install,requirements.txt)
.venv/instructor: pyproject.toml constraints.txt requirements-instructor.txt
	$(call install,requirements-instructor.txt,.venv/student)
.venv/ready: pyproject.toml constraints.txt requirements-dev.txt
	$(call install,requirements-dev.txt,.venv/student .venv/instructor)

lab: .venv/student  ## JupyterLab on the course
	$(BIN)/python -m nonconv.publish.lab

test: lint  ## all that CI does
	$(BIN)/python -m pytest -n 2
	CUDA_VISIBLE_DEVICES= $(BIN)/python -m pytest -n 2 --dist loadfile --nbval --nbval-kernel-name nonconv-warm --nbval-sanitize-with tests/course/sanitize.cfg lectures

lint: .venv/ready  ## style, format and types, which `make test` begins with
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/basedpyright --level error

exercise: .venv/ready  ## a skeleton for a new exercise: make exercise UNIT=… NAME=average-kernel
	$(BIN)/python -m nonconv.publish.skeleton "$(UNIT)" "$(NAME)"

check: .venv/ready  ## what an exercise still lacks, or all of a unit: make check UNIT=… [NAME=…]
	$(BIN)/python -m nonconv.publish.check "$(UNIT)" $(NAME)

giveaways: .venv/ready  ## which answers that are worth points stand in the unit already: all, or make giveaways UNIT=…
	$(BIN)/python -m nonconv.publish.giveaways $(UNIT)

mutants: .venv/ready  ## slips in the solutions that no check notices: all, or make mutants UNIT=… [NAME=…]
	$(BIN)/python -m nonconv.publish.mutants $(UNIT) $(NAME)

build: .venv/ready  ## the notebooks from units/: all, or make build UNIT=…
	$(BIN)/python -m nonconv.publish $(UNIT)

docs: .venv/ready  ## the tables in README.md and docs/ anew from the notebooks
	$(BIN)/python -m nonconv.publish.tables

start: .venv/student  ## a student's own copy of an exercise: make start UNIT=… [ME="Ada Lovelace"]
	$(BIN)/python -m nonconv.publish.copy start $(UNIT) $(if $(ME),--me "$(ME)")

release: .venv/instructor  ## register an exercise in the gradebook and pack what students get: make release UNIT=…
	$(BIN)/python -m nonconv.grading register $(UNIT)
	$(BIN)/python -m nonconv.publish.copy bundle $(UNIT)

wheel: .venv/student  ## the course as one file, release/nonconv-….whl, for notebooks on Colab and Kaggle
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir release .

grade: .venv/instructor  ## collect and autograde a class: make grade UNIT=… FROM=inbox (ISOLATION=no: without a sandbox)
	$(BIN)/python -m nonconv.grading autograde $(UNIT) --from "$(FROM)" $(if $(filter no,$(ISOLATION)),--no-isolation)

feedback: .venv/instructor  ## pages and table anew from the gradebook, after marking by hand: make feedback UNIT=…
	$(BIN)/python -m nonconv.grading feedback $(UNIT)

grades: .venv/instructor  ## points into a platform's list: make grades UNIT=… FOR=moodle|canvas|table FROM=roster.csv
	$(BIN)/python -m nonconv.grading grades $(UNIT) --for $(FOR) --from "$(FROM)"

queue: .venv/instructor  ## which written answers nobody has read yet: make queue UNIT=…
	$(BIN)/python -m nonconv.grading queue $(UNIT)

weekly: .venv/ready  ## what is too long for every push: random networks, all kill points, nbgrader's other tests
	$(BIN)/python -m pytest --weekly -m "weekly or slow" -n 2

fuzz: .venv/ready  ## try to make the proof checker accept something false (minutes)
	PYTHONPATH=tests $(BIN)/python -m helpers.proofs.fuzz --pairs 20000 --systems 10000
	PYTHONPATH=tests $(BIN)/python -m helpers.proofs.mutants --count 20000

coq: .venv/ready  ## have Coq prove what the proof checker accepts (Debian's coq; skipped where it is not installed)
	PYTHONPATH=tests $(BIN)/python -m helpers.proofs.coq

gallery: .venv/ready  ## every picture of the course on one page, build/gallery.html
	$(BIN)/python -m nonconv.figures build/gallery.html

site: .venv/ready  ## the course as a site that needs no network, build/site/index.html
	$(BIN)/python -m nonconv.publish.website build/site

slides: .venv/ready  ## a lecture as slides in one file, build/slides/UNIT.html: all, or make slides UNIT=… (needs npm)
	$(BIN)/python -m nonconv.publish.slides $(UNIT)

check-site: .venv/ready  ## every page of the site in Chromium: links, scripts, width, formulas, axe-core (minutes)
	$(BIN)/python -m pytest -n 0 --weekly tests/browser/test_site.py

playground: .venv/ready  ## the proof exercises as a web page that checks them, build/site/proof.html (needs npm)
	$(BIN)/python -m nonconv.publish.playground build/site $(if $(PYODIDE),--pyodide "$(PYODIDE)")

screenshots: .venv/ready  ## the pictures in docs/images anew (needs Chromium)
	$(BIN)/python tests/helpers/docs/screenshots.py docs/images/diagnosis.png

bench: .venv/ready  ## each layer's time and memory beside the framework's, and reduced networks; with a GPU: make bench DEVICE=cuda
	$(BIN)/python bench/layers.py --device $(DEVICE)
	$(BIN)/python bench/reduce.py --device $(DEVICE)
	$(BIN)/python bench/against_torch.py

bench-grading: .venv/ready  ## a class graded by nbgrader alone and by this course, in one run (minutes)
	$(BIN)/python bench/grading.py

bench-proofs: .venv/ready  ## milliseconds for a line of a proof, by statement; 200 theorems of students' own
	PYTHONPATH=tests $(BIN)/python -m helpers.proofs.bench
	$(BIN)/python bench/own_theorems.py

constraints: .venv/ready  ## pin the newest versions, for every platform
	env -u PIP_FIND_LINKS $(BIN)/uv pip compile pyproject.toml --extra student --extra instructor --extra site --extra test --universal --python-version 3.11 --strip-extras --no-emit-index-url --upgrade -o constraints.txt
