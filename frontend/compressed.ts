// Beside every text that is built its compressed twins, which WhiteNoise hands out: nothing is compressed while somebody waits.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(css|js|svg)$/;

export function compressed(): Plugin {
  return {
    name: "tongdai-compressed",
    apply: "build",
    writeBundle(options, bundle) {
      for (const name of Object.keys(bundle).filter((each) => TEXT.test(each))) {
        const file = join(options.dir ?? "", name);
        const whole = readFileSync(file);
        writeFileSync(`${file}.br`, brotliCompressSync(whole));
        writeFileSync(`${file}.gz`, gzipSync(whole, { level: 9 }));
      }
    },
  };
}
