// Runs before the first paint: a chosen theme wins, otherwise the system's. Kept tiny because it blocks.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('virtuoso.theme');
  } catch (error) {
    chosen = null;
  }
  var light = window.matchMedia('(prefers-color-scheme: light)').matches;
  var theme = chosen === 'light' || chosen === 'dark' ? chosen : light ? 'light' : 'dark';
  document.documentElement.setAttribute('data-theme', theme);
})();
