import { resolveObjectURL } from 'node:buffer';
import { Worker as Thread } from 'node:worker_threads';

/** The part of browsers' `Worker` that jax-js' wasm backend asks for, over Node's threads. */
export function offerWorkers() {
  globalThis.Worker = class {
    constructor(url) {
      const waiting = [];
      this.postMessage = (message) => waiting.push(message);
      resolveObjectURL(String(url))
        .text()
        .then((code) => {
          const thread = new Thread(`${PREAMBLE}\n${code}`, { eval: true });
          thread.on('message', (data) => this.onmessage?.({ data }));
          thread.on('error', (error) => this.onerror?.(error));
          for (const message of waiting) thread.postMessage(message);
          this.postMessage = (message) => thread.postMessage(message);
        });
    }
  };
}

const PREAMBLE = `
const { parentPort } = require('node:worker_threads');
const self = globalThis;
const postMessage = (message) => parentPort.postMessage(message);
parentPort.on('message', (data) => self.onmessage({ data }));`;
