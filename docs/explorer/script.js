// Looks up and draws what was computed in Python; nothing is computed here.
"use strict";
{
  const root = document.getElementById("explorer");
  const axes = [["β", "beta"], ["γ", "gamma"], ["b₁", "b1"], ["b₂", "b2"], ["n", "n"], ["m", "m"]];
  const chosen = {};
  const show = (value) => value.toLocaleString("en", { maximumSignificantDigits: 4 });
  const element = (name, attributes, text = "") => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  };

  // The picture: logarithmic axes, decades as grid lines.
  const box = { left: 72, right: 470, top: 10, bottom: 228 };
  const [low, high] = [1e-3, 4];
  const across = (n) => {
    const [first, last] = [Math.log(DATA.axes.n[0]), Math.log(DATA.axes.n.at(-1))];
    return box.left + ((Math.log(n) - first) / (last - first)) * (box.right - box.left);
  };
  const up = (error) => {
    const share = Math.log(Math.max(error, low) / low) / Math.log(high / low);
    return box.bottom - share * (box.bottom - box.top);
  };

  function draw(errors) {
    const parts = [];
    for (const error of [0.001, 0.01, 0.1, 1]) {
      parts.push(element("path", { d: `M${box.left},${up(error)}H${box.right}`, stroke: "currentColor", "stroke-opacity": 0.2 }));
      parts.push(element("text", { x: box.left - 6, y: up(error) + 4, "text-anchor": "end" }, String(error)));
    }
    for (const n of [100, 1000, 10000]) {
      parts.push(element("path", { d: `M${across(n)},${box.top}V${box.bottom}`, stroke: "currentColor", "stroke-opacity": 0.2 }));
      parts.push(element("text", { x: across(n), y: box.bottom + 16, "text-anchor": "middle" }, n.toLocaleString("en")));
    }
    parts.push(element("text", { x: (box.left + box.right) / 2, y: 262, "text-anchor": "middle" }, "samples n"));
    const turned = { x: 16, y: 120, "text-anchor": "middle", transform: "rotate(-90 16 120)" };
    parts.push(element("text", turned, "error on unseen symbols"));
    const points = DATA.axes.n.map((n, i) => `${across(n)},${up(errors[i])}`);
    const blue = "var(--color-brand-primary)";
    parts.push(element("polyline", { points: points.join(" "), fill: "none", stroke: blue, "stroke-width": 2 }));
    const [x, y] = points[chosen.n].split(",");
    parts.push(element("circle", { cx: x, cy: y, r: 6, fill: blue }));
    root.querySelector("svg").replaceChildren(...parts);
  }

  function update() {
    let at = 0;
    for (const name of ["beta", "gamma", "b1", "b2"]) at = at * DATA.axes[name].length + chosen[name];
    const [N, eigenvalues, errors] = DATA.points[at];
    const cell = (value) => `<td>${value.toFixed(5)}</td>`;
    const row = (name, values) => `<tr><th scope="row">${name}</th>${values.map(cell).join("")}</tr>`;
    const head = `<tr><th></th>${DATA.templates.map((z) => `<th scope="col">${z}</th>`).join("")}</tr>`;
    root.querySelector("tbody").innerHTML = head + N.map((values, i) => row(DATA.templates[i], values)).join("");
    root.querySelector("[data-is=eigenvalues]").textContent = eigenvalues.map(show).join(" and ");
    root.querySelector("[data-is=error]").textContent = show(errors[chosen.m][chosen.n]);
    draw(errors[chosen.m]);
  }

  for (const [sign, name] of axes) {
    const values = DATA.axes[name];
    chosen[name] = DATA.start[name];
    const label = document.createElement("label");
    const slider = Object.assign(document.createElement("input"), { type: "range", min: 0, max: values.length - 1 });
    slider.value = chosen[name];
    const output = document.createElement("output");
    const said = () => { output.textContent = show(values[chosen[name]]); slider.setAttribute("aria-valuetext", output.textContent); };
    slider.addEventListener("input", () => { chosen[name] = Number(slider.value); said(); update(); });
    label.append(Object.assign(document.createElement("span"), { textContent: sign }), slider, output);
    root.querySelector("form").append(label);
    said();
  }
  update();
}
