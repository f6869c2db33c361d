// Builds the pages' style and scripts into the package, where Django finds them by the manifest (django-vite).
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { compressed } from "./compressed.ts";
import { icons } from "./icons.ts";
import { pictures } from "./pictures.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  base: "./",
  publicDir: false,
  plugins: [icons(here("./icons.txt")), pictures(here("."), ["images/mark.svg"]), compressed()],
  build: {
    outDir: here("../src/tongdai/static/dist"),
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0, // the Content-Security-Policy allows no data: addresses
    modulePreload: { polyfill: false },
    target: ["es2022", "safari15"],
    rolldownOptions: {
      checks: { eval: false }, // htmx carries one; desk.ts turns it off, and the Content-Security-Policy forbids it
      input: { portal: here("./portal.ts"), desk: here("./desk.ts"), report: here("./report.css"), printing: here("./report.ts") },
    },
  },
});
