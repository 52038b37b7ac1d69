// Formulas first, then what needs their size: letters and pictures as large as each slide allows. Then reveal.js.
const LARGEST = 36; // px of 720
const SMALLEST = 22;
const IN_LONG_TABLES = 26;

function overflows(slide) {
  if (slide.scrollHeight > slide.clientHeight + 1) return true;
  const right = slide.getBoundingClientRect().right - parseFloat(getComputedStyle(slide).paddingRight) + 1;
  return [...slide.querySelectorAll('table, pre, .text, .zoomed')].some(
    one => one.getBoundingClientRect().right > right,
  );
}

function shrink(slide, largest) {
  for (let size = largest; size >= SMALLEST; size--) {
    slide.style.fontSize = `${size}px`;
    for (const formula of slide.querySelectorAll('mjx-container[display="true"]')) narrow(formula);
    if (!overflows(slide)) return true;
  }
  return false;
}

// A formula that is wider than its slide is made smaller by itself.
function narrow(formula) {
  formula.style.fontSize = '';
  const wide = formula.firstElementChild.getBoundingClientRect().width / formula.clientWidth;
  if (wide > 1) formula.style.fontSize = `${99 / wide}%`;
}

// What is drawn for a page of a certain width is made larger as a whole.
function enlarge(slide, figure) {
  figure.classList.add('zoomed');
  for (let zoom = 2; zoom >= 1; zoom -= 0.1) {
    figure.style.zoom = zoom;
    if (!overflows(slide)) return;
  }
}

// Pictures get all of the height that is left.
function spread(slide, images) {
  for (const image of images) image.style.display = 'none';
  const parts = [...slide.children].filter(one => !one.matches('.codes'));
  const bottom = Math.max(...parts.map(one => one.getBoundingClientRect().bottom));
  const end = slide.getBoundingClientRect().bottom - parseFloat(getComputedStyle(slide).paddingBottom);
  for (const image of images) {
    Object.assign(image.style, { display: '', width: '100%', height: `${(end - bottom - 40) / images.length}px` });
  }
}

// A table that is too wide is made smaller; the rows that find no room go to a slide of their own.
function carryOver(slide) {
  slide.style.fontSize = `${IN_LONG_TABLES}px`;
  const table = [...slide.querySelectorAll('table')].at(-1);
  const body = table.tBodies[0];
  const wide = table.getBoundingClientRect().width / table.parentElement.clientWidth;
  if (wide > 1) table.style.zoom = 1 / wide;
  const alone = slide.matches('.carried');
  if (!overflows(slide) || body.rows.length < (alone ? 2 : 1)) return;
  const next = slide.cloneNode(false);
  next.classList.add('carried');
  const rest = table.cloneNode(false);
  rest.append(...[table.tHead?.cloneNode(true), body.cloneNode(false)].filter(Boolean));
  next.append(slide.firstElementChild.cloneNode(true), rest);
  while (body.rows.length > (alone ? 1 : 0) && overflows(slide)) {
    rest.tBodies[0].prepend(body.rows[body.rows.length - 1]);
  }
  if (!body.rows.length) table.remove();
  slide.after(next);
  fit(next);
}

function fit(slide) {
  const images = [...slide.querySelectorAll('img')];
  if (images.length) {
    spread(slide, images);
    return;
  }
  for (const figure of slide.querySelectorAll('.jp-RenderedHTML')) {
    if (figure.querySelector('input, select, button, canvas')) {
      enlarge(slide, figure);
      return;
    }
  }
  const largest = slide.matches('.carried') ? IN_LONG_TABLES : LARGEST;
  if (!shrink(slide, largest) && slide.querySelector('table')) carryOver(slide);
}

function gatherCode(slide) {
  const codes = [...slide.querySelectorAll('details.code')];
  if (!codes.length) return;
  const bar = document.createElement('div');
  bar.className = 'codes';
  bar.append(...codes);
  slide.append(bar);
  for (const one of codes) {
    one.addEventListener('toggle', () => {
      if (one.open) for (const other of codes) other.open = other === one;
    });
  }
}

async function start() {
  await MathJax.startup.promise;
  await MathJax.typesetPromise();
  await Promise.all([...document.images].map(image => image.decode().catch(() => 0)));
  const slides = [...document.querySelectorAll('.slides section section')];
  for (const slide of slides) gatherCode(slide);
  for (const slide of slides) {
    fit(slide);
    for (const one of slide.querySelectorAll('details:not(.code)')) {
      one.addEventListener('toggle', () => fit(slide));
    }
  }
  document.body.classList.remove('measuring');
  await Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0,
    center: false,
    controls: false,
    hash: true,
    slideNumber: 'c/t',
    transition: 'none',
    plugins: [RevealNotes],
  });
}
start();
