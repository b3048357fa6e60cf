"use strict";
(() => {
  const find = document.getElementById("find");
  if (!find) return;
  const found = document.getElementById("found");
  const parts = [...document.querySelectorAll("[data-id]")];
  const rows = parts.filter((part) => part.tagName === "TR");
  find.addEventListener("input", () => {
    const wanted = find.value.trim().toLowerCase();
    for (const part of parts) part.hidden = !part.dataset.id.toLowerCase().includes(wanted);
    const shown = rows.filter((row) => !row.hidden).length;
    found.textContent = wanted ? `${shown} of ${rows.length} proteins` : `${rows.length} proteins`;
  });
})();
