/* Before anything is painted: the theme and the language that this browser was left with. */
try {
  for (const name of ['theme', 'language']) {
    const kept = JSON.parse(localStorage.getItem(`parley.${name}`));
    if (!kept) continue;
    if (name === 'theme') document.documentElement.dataset.theme = kept;
    else document.documentElement.lang = kept;
  }
} catch {
  // Without storage the page looks as the system does.
}
