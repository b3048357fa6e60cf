"use strict";
// Opens a structure in Mol*, coloured as the menu says. The build stands packed in the page; nothing is fetched.
{
  const packed = document.getElementById("molstar-script");
  const unpacked = async (id) => {
    const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  };
  const asAddress = (text, type) => URL.createObjectURL(new Blob([text], { type }));
  let widget = null;
  const load = async () => {
    const style = document.createElement("style");
    style.textContent = await unpacked("molstar-style");
    document.head.append(style);
    return import(asAddress(await unpacked("molstar-script"), "text/javascript"));
  };

  function scene(figure, data, address) {
    const track = data.tracks[figure.querySelector("select").value], residues = new Map();
    track.paint.forEach((paint, row) => {
      const colour = data.palette[paint][0];
      if (!residues.has(colour)) residues.set(colour, []);
      residues.get(colour).push({ label_seq_id: data.label[row] });
    });
    const node = (kind, params, children) => (children ? { kind, params, children } : { kind, params });
    const colours = [...residues].map(([color, selector]) => node("color", { color, selector }));
    return JSON.stringify({
      metadata: { version: "1", timestamp: new Date(0).toISOString() },
      root: node("root", {}, [node("download", { url: address }, [node("parse", { format: "mmcif" }, [
        node("structure", { type: "model" }, [node("component", { selector: "polymer" }, [
          node("representation", { type: "cartoon" }, colours)])])])])]),
    });
  }

  for (const figure of packed ? document.querySelectorAll("figure.structure") : []) {
    const button = figure.querySelector("button.molstar"), source = figure.querySelector("script.mmcif");
    if (!button || !source) continue;
    const data = JSON.parse(figure.querySelector("script.data").textContent);
    button.addEventListener("click", async () => {
      button.disabled = true;
      button.textContent = "Opening Mol*";
      const address = asAddress(source.textContent, "text/plain");
      const place = figure.querySelector("div.molstar"), changed = {};
      const state = {
        width: "100%", height: "460px", msvj_data: scene(figure, data, address),
        // Other extensions ask servers as soon as they are there.
        viewer_options: { layoutIsExpanded: false, layoutShowControls: false, extensions: ["mvs"] },
        mvs_load_options: { replaceExisting: true, sanityChecks: false },
      };
      widget = widget || load();
      const model = { get: (name) => state[name], on: (name, call) => { changed[name] = call; } };
      (await widget).default.render({ model, el: place });
      place.hidden = false;
      button.hidden = true;
      figure.querySelector("select").addEventListener("change", () => {
        state.msvj_data = scene(figure, data, address);
        changed["change:msvj_data"]();
      });
    });
  }
}
