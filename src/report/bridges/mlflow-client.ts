import { setTimeout as wait } from 'node:timers/promises';
import { dataError } from '../../errors.ts';

const TRIES = 5;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;
const TIMEOUT_MS = 60_000;

/** Who asks, as MLflow's own clients say it: a token, or a name with a password. */
export interface Credentials {
  readonly token?: string;
  readonly user?: string;
  readonly password?: string;
}

/** What a server refuses, by MLflow's own code: `RESOURCE_DOES_NOT_EXIST`. */
class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** MLflow's REST API 2.0 over HTTP; tries again where a server is busy or doesn't answer. */
export class MlflowClient {
  private readonly base: string;
  private readonly headers: Readonly<Record<string, string>>;

  /** @throws MlxError `mlflow-uri` */
  constructor(uri: string, { token, user, password }: Credentials) {
    const url = URL.canParse(uri) ? new URL(uri) : undefined;
    if (!url || !/^https?:$/.test(url.protocol))
      throw dataError(
        'mlflow-uri',
        `${JSON.stringify(uri)} is not the http or https address of an MLflow server`,
        {
          help: 'name it like http://localhost:5000',
        },
      );
    const [name, secret] = [
      url.username ? decodeURIComponent(url.username) : user,
      url.username ? decodeURIComponent(url.password) : password,
    ];
    url.username = url.password = '';
    this.base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
    const basic = name === undefined ? undefined : Buffer.from(`${name}:${secret ?? ''}`).toString('base64');
    this.headers = {
      ...(token ? { authorization: `Bearer ${token}` } : basic ? { authorization: `Basic ${basic}` } : {}),
    };
  }

  /** @returns undefined where the server says that there is no such thing */
  async find<T>(path: string, query: Readonly<Record<string, string>>): Promise<T | undefined> {
    try {
      return await this.json<T>('GET', `/api/2.0/mlflow/${path}?${new URLSearchParams(query)}`);
    } catch (error) {
      if (error instanceof Refused && error.code === 'RESOURCE_DOES_NOT_EXIST') return undefined;
      throw this.told(error, path);
    }
  }

  /** @throws MlxError `mlflow` */
  async post<T>(path: string, body: object): Promise<T> {
    try {
      return await this.json<T>('POST', `/api/2.0/mlflow/${path}`, body);
    } catch (error) {
      throw this.told(error, path);
    }
  }

  /** A file through the server's artifact proxy. @throws MlxError `mlflow` */
  async put(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      await this.ask('PUT', `/api/2.0/mlflow-artifacts/artifacts/${path}`, bytes, 'application/octet-stream');
    } catch (error) {
      throw this.told(error, path);
    }
  }

  private async json<T>(method: string, path: string, body?: object): Promise<T> {
    const text = body && JSON.stringify(body);
    const answer = await this.ask(method, path, text, 'application/json');
    try {
      return JSON.parse(answer || '{}') as T;
    } catch {
      throw new Refused(200, 'BAD_ANSWER', 'it answered something that is no JSON: is it an MLflow server?');
    }
  }

  private async ask(
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer> | undefined,
    type: string,
  ): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      let later: number;
      try {
        const answer = await fetch(this.base + path, {
          method,
          headers: { ...this.headers, ...(body !== undefined && { 'content-type': type }) },
          ...(body !== undefined && { body }),
          signal: AbortSignal.timeout(TIMEOUT_MS),
          redirect: 'error',
        });
        const text = await answer.text();
        if (answer.ok) return text;
        const refused = refusal(answer.status, text);
        if (attempt >= TRIES || (answer.status !== 429 && answer.status < 500)) throw refused;
        later = 1000 * Number(answer.headers.get('retry-after') ?? Number.NaN);
      } catch (error) {
        if (error instanceof Refused || attempt >= TRIES) throw error;
        later = Number.NaN;
      }
      const usual = FIRST_WAIT_MS * 2 ** (attempt - 1);
      await wait(Math.min(LONGEST_WAIT_MS, later >= 0 ? later : usual));
    }
  }

  private told(error: unknown, what: string): unknown {
    if (error instanceof Refused) {
      const help =
        error.status === 401 || error.status === 403
          ? 'set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD'
          : 'what was sent stays there; the same command goes on where it ended';
      return dataError(
        'mlflow',
        `the MLflow server refused ${what}: ${error.message} (${error.status} ${error.code})`,
        { help },
      );
    }
    const { cause, message } = error as Error & { cause?: Error };
    return dataError(
      'mlflow',
      `the MLflow server at ${this.base} can't be reached: ${cause?.message || message}`,
      {
        help: 'see that it runs; the same command goes on where it ended',
      },
    );
  }
}

function refusal(status: number, text: string): Refused {
  try {
    const { error_code, message } = JSON.parse(text) as Record<string, unknown>;
    if (typeof error_code === 'string') return new Refused(status, error_code, String(message).slice(0, 300));
  } catch {
    // reported below
  }
  return new Refused(status, 'HTTP', text.trim().slice(0, 200) || 'without a reason');
}
