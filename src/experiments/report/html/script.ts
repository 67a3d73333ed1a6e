/** @file The page's few lines of script: a picture opens large, with what made it; without them it unfolds in place. */

export const script = `
const dialog = document.querySelector('dialog');
const pictures = [...document.querySelectorAll('.picture')];
let shown = 0;
function show(at) {
  shown = (at + pictures.length) % pictures.length;
  const picture = pictures[shown];
  const settings = document.getElementById(picture.dataset.settings);
  const facts = [picture.querySelector('dl').cloneNode(true)];
  if (settings) {
    const heading = document.createElement('h4');
    heading.textContent = 'All settings';
    facts.push(heading, settings.cloneNode(true));
    facts[2].removeAttribute('id');
  }
  dialog.querySelector('.large').replaceChildren(picture.querySelector('img').cloneNode());
  dialog.querySelector('.facts').replaceChildren(...facts);
  if (dialog.open) return;
  dialog.showModal();
  dialog.querySelector('[data-step="1"]').focus();
}
document.addEventListener('click', (event) => {
  const summary = event.target.closest('.picture > summary');
  if (summary) {
    event.preventDefault();
    show(pictures.indexOf(summary.parentElement));
  }
  if (event.target === dialog) dialog.close();
  if (event.target.dataset.step) show(shown + Number(event.target.dataset.step));
});
dialog.addEventListener('keydown', (event) => {
  if (event.key === 'ArrowRight') show(shown + 1);
  if (event.key === 'ArrowLeft') show(shown - 1);
});
`;
