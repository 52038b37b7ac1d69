
(function(){
  const root = document.getElementById("@ID@"), all = @DATA@, list = root.querySelector("ol"), say = root.querySelector("p");
  const given = all.map(() => null);
  function tell() {
    const made = given.filter(g => g !== null).length, right = given.filter((g, n) => g === all[n].answer).length;
    say.textContent = made < all.length ? `${made} of ${all.length} answered.`
      : `${right} of ${all.length} are right.` + (right < all.length ? " Come back to the others at the end of the course." : "");
  }
  all.forEach((one, n) => {
    const item = document.createElement("li"), name = document.createElement("b"), why = document.createElement("span");
    name.textContent = one.name;
    item.append(name, ` \u2014 ${one.formula} `);
    item.style.margin = "0.5em 0";
    const buttons = [true, false].map(value => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = value ? "a convolution" : "none";
      button.setAttribute("aria-label", `${one.name}: ${value ? "a convolution" : "no convolution"}`);
      button.setAttribute("aria-pressed", "false");
      button.style.cssText = "min-height:2.4em;margin:0 0.3em 0 0;padding:0 0.8em";
      button.onclick = () => {
        if (given[n] !== null) return;
        given[n] = value;
        button.setAttribute("aria-pressed", "true");
        button.style.fontWeight = "bold";
        buttons.forEach(b => { b.disabled = true; });
        why.textContent = `${value === one.answer ? "\u2713 Right" : "\u2717 Not so"}: ` +
          `${one.answer ? "a convolution" : "no convolution"}. ${one.why} (unit ${one.unit})`;
        tell();
      };
      item.append(button);
      return button;
    });
    why.setAttribute("aria-live", "polite");
    item.append(why);
    list.append(item);
  });
  root.querySelector(".again").onclick = () => {
    given.fill(null);
    for (const item of list.children) {
      for (const b of item.querySelectorAll("button")) {
        b.disabled = false; b.style.fontWeight = ""; b.setAttribute("aria-pressed", "false");
      }
      item.querySelector("span").textContent = "";
    }
    tell();
  };
  tell();
})();
