// The work behind a proof: ALTCHA's SHA-256 at cost 1, looked for from 0 on. Our own arithmetic, since a page without
// TLS has no crypto.subtle, and a promise for each of a hundred thousand hashes costs more than the hash itself.

export type Challenge = {
  parameters: { algorithm: string; cost: number; keyPrefix: string; keyLength: number; nonce: string; salt: string; expiresAt: number };
  signature: string;
};
export type Solution = { counter: number; derivedKey: string };

const K = new Int32Array(
  ("428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5 d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe " +
    "9bdc06a7 c19bf174 e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da 983e5152 a831c66d b00327c8 bf597fc7 " +
    "c6e00bf3 d5a79147 06ca6351 14292967 27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85 a2bfe8a1 a81a664b " +
    "c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070 19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3 " +
    "748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2").split(" ").map((word) => parseInt(word, 16) | 0),
); // FIPS 180-4, section 4.2.2
const H = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19].map((word) => word | 0);

/** Sixteen words of salt, nonce and counter as one block of SHA-256, padded; the counter is word 8. */
function block({ salt, nonce }: Challenge["parameters"]): Int32Array {
  const words = new Int32Array(64);
  const hex = salt + nonce;
  if (hex.length !== 64) throw new Error("a challenge of another shape");
  for (let word = 0; word < 8; word += 1) words[word] = parseInt(hex.slice(word * 8, word * 8 + 8), 16) | 0;
  words[9] = 0x80000000 | 0;
  words[15] = 36 * 8; // bits
  return words;
}

/** SHA-256 of the first sixteen words of `w`, into `out`; the others are overwritten. */
function digest(w: Int32Array, out: Int32Array): void {
  for (let t = 16; t < 64; t += 1) {
    const x = w[t - 15]!;
    const y = w[t - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = (w[t - 16]! + s0 + w[t - 7]! + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = H as [number, number, number, number, number, number, number, number];
  for (let t = 0; t < 64; t += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + s1 + ((e & f) ^ (~e & g)) + K[t]! + w[t]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  out[0] = H[0]! + a;
  out[1] = H[1]! + b;
  out[2] = H[2]! + c;
  out[3] = H[3]! + d;
  out[4] = H[4]! + e;
  out[5] = H[5]! + f;
  out[6] = H[6]! + g;
  out[7] = H[7]! + h;
}

const inHex = (words: Int32Array): string => [...words].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");

/** Look on from `from` for at most `most` tries; null: not among these. */
export function solve({ parameters }: Challenge, from: number, most: number): Solution | null {
  const words = block(parameters);
  const found = new Int32Array(8);
  const first = parseInt(parameters.keyPrefix.slice(0, 8), 16) | 0;
  for (let counter = from; counter < from + most; counter += 1) {
    words[8] = counter;
    digest(words, found);
    if (found[0] === first && inHex(found).startsWith(parameters.keyPrefix)) return { counter, derivedKey: inHex(found) };
  }
  return null;
}
