// The icons of all pages as one sprite, made from Tabler Icons (MIT) by the list in icons.txt.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Plugin } from "vite";

const outlines = createRequire(import.meta.url).resolve("@tabler/icons/package.json").replace("package.json", "icons/outline");

/** One `<symbol id="i-name">` an icon, for `<use href="…#i-name">`. Throws when an icon of the list does not exist. */
function sprite(list: string): string {
  const names = list.split("\n").map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  const symbols = [...new Set(names)].sort().map((name) => {
    const drawing = readFileSync(join(outlines, `${name}.svg`), "utf8");
    const strokes = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(drawing)?.[1];
    if (strokes === undefined) throw new Error(`The icon ${name} is not an SVG drawing.`);
    return `<symbol id="i-${name}" viewBox="0 0 24 24">${strokes.replace(/\s*\n\s*/g, "")}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

/** Emit the sprite under the manifest's name `icons.svg`. */
export function icons(listFile: string): Plugin {
  return {
    name: "tongdai-icons",
    apply: "build",
    buildStart() {
      this.addWatchFile(listFile);
    },
    generateBundle() {
      this.emitFile({ type: "asset", name: "icons.svg", originalFileName: "icons.svg", source: sprite(readFileSync(listFile, "utf8")) });
    },
  };
}
