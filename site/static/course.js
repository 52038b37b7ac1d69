// A folded hint cannot be opened on paper: printing opens it, and folds it again afterwards.
const opened = [];
addEventListener('beforeprint', () => {
  for (const one of document.querySelectorAll('.bd-article details:not([open]):not(.hide)')) {
    one.open = true;
    opened.push(one);
  }
});
addEventListener('afterprint', () => {
  for (const one of opened.splice(0)) one.open = false;
});
