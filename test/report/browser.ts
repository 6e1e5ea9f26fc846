import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export const CHROMIUM = '/usr/bin/chromium';
export const hasBrowser = existsSync(CHROMIUM);

export interface Opened {
  /** Addresses that the page asked for, beyond itself and what is inside of it. */
  readonly requests: readonly string[];
  /** Scripts that the page made the browser read. */
  readonly scripts: readonly string[];
  /** Dialogs that opened. */
  readonly dialogs: readonly string[];
  readonly title: string;
  /** How far the page is wider than the window. */
  readonly overflow: number;
  /** Values of `questions`, JavaScript expressions that are asked after all else. */
  readonly answers: readonly unknown[];
}

interface Shot {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  readonly media?: 'screen' | 'print';
  /** Where a picture of the whole page goes. */
  readonly picture?: string;
  readonly questions?: readonly string[];
}

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: never;
  readonly result?: unknown;
}

/** A real browser that is spoken to over its debugging pipe. */
export class Browser {
  private readonly profile = mkdtempSync(join(tmpdir(), 'mlx-browser-'));
  private readonly child;
  private readonly waiting = new Map<number, (answer: never) => void>();
  private readonly listeners = new Map<string, (message: Message) => void>();
  private last = 0;

  constructor() {
    const options = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe'];
    this.child = spawn(CHROMIUM, [...options, `--user-data-dir=${this.profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    let text = '';
    (this.child.stdio[4] as Readable).on('data', (chunk) => {
      text += chunk;
      for (let end = text.indexOf('\0'); end >= 0; end = text.indexOf('\0')) {
        const message: Message = JSON.parse(text.slice(0, end));
        text = text.slice(end + 1);
        if (message.id) this.waiting.get(message.id)?.((message.result ?? message) as never);
        else if (message.sessionId) this.listeners.get(message.sessionId)?.(message);
      }
    });
  }

  private send<T>(method: string, params: object, sessionId?: string): Promise<T> {
    return new Promise((resolve) => {
      this.waiting.set(++this.last, resolve as (answer: never) => void);
      const message = { id: this.last, method, params, sessionId };
      (this.child.stdio[3] as Writable).write(`${JSON.stringify(message)}\0`);
    });
  }

  /** Opens a file in a page of its own, and tells what it did. */
  async open(file: string, shot: Shot = {}): Promise<Opened> {
    const { targetId } = await this.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
    const attached = { targetId, flatten: true };
    const { sessionId } = await this.send<{ sessionId: string }>('Target.attachToTarget', attached);
    const page = <T>(method: string, params: object = {}) => this.send<T>(method, params, sessionId);
    const [requests, scripts, dialogs]: [string[], string[], string[]] = [[], [], []];
    const inside = (url: string) => url.startsWith('data:') || url.startsWith(`file://${file}`);
    const ready = new Promise<void>((resolve) => {
      this.listeners.set(sessionId, ({ method, params }) => {
        const told = params as unknown as Record<string, string> & { request: { url: string } };
        if (method === 'Network.requestWillBeSent' && !inside(told.request.url))
          requests.push(told.request.url);
        if (method === 'Debugger.scriptParsed' && told['url'] !== '') scripts.push(told['url']!);
        if (method === 'Page.javascriptDialogOpening') dialogs.push(told['message']!);
        if (method === 'Page.loadEventFired') resolve();
      });
    });
    for (const domain of ['Page', 'Network', 'Debugger']) await page(`${domain}.enable`);
    const window = { width: shot.width ?? 1100, height: 900, deviceScaleFactor: 1, mobile: false };
    await page('Emulation.setDeviceMetricsOverride', window);
    const features = [{ name: 'prefers-color-scheme', value: shot.scheme ?? 'light' }];
    await page('Emulation.setEmulatedMedia', { media: shot.media ?? 'screen', features });
    await page('Page.navigate', { url: `file://${file}` });
    await ready;
    const ask = async (expression: string) => {
      const asked = { expression, returnByValue: true };
      return (await page<{ result: { value: unknown } }>('Runtime.evaluate', asked)).result?.value;
    };
    const title = String(await ask('document.title'));
    const overflow = Number(await ask('document.documentElement.scrollWidth - innerWidth'));
    if (shot.picture) {
      const all = { captureBeyondViewport: true };
      const { data } = await page<{ data: string }>('Page.captureScreenshot', all);
      writeFileSync(shot.picture, Buffer.from(data, 'base64'));
    }
    const seen = { requests: [...requests], scripts: [...scripts], dialogs: [...dialogs] };
    const answers: unknown[] = [];
    for (const question of shot.questions ?? []) answers.push(await ask(question));
    await this.send('Target.closeTarget', { targetId });
    return { ...seen, title, overflow, answers };
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await gone;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
