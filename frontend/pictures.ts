// Pictures that a template names and no style: named after their content like the rest, so that a browser asks for each once.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Plugin } from "vite";

/** Emit `files`, paths inside `root`, under their own names in the manifest. */
export function pictures(root: string, files: readonly string[]): Plugin {
  return {
    name: "tongdai-pictures",
    apply: "build",
    generateBundle() {
      for (const file of files) {
        this.emitFile({ type: "asset", name: basename(file), originalFileName: file, source: readFileSync(join(root, file)) });
      }
    },
  };
}
