// Solves beside the page, so that typing stays smooth.
import { solve, type Challenge } from "./solver.ts";

self.onmessage = ({ data }: MessageEvent<Challenge>): void => self.postMessage(solve(data, 0, 2 ** 31));
