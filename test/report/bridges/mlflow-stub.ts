import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { posix } from 'node:path';

/**
 * An MLflow tracking server that takes only what the real one takes: the messages of mlflow/protos/service.proto with their fields and
 * types, the limits and names of mlflow/utils/validation.py, parameters that never change.
 */

interface StoredRun {
  readonly id: string;
  readonly experiment: string;
  name: string;
  status: string;
  start?: number;
  end?: number;
  /** As the SQL store keeps them: the same key, time, step and value is one. */
  readonly metrics: Set<string>;
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly files: Map<string, Buffer>;
}

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
const invalid = (message: string) => new Refusal(400, 'INVALID_PARAMETER_VALUE', message);
const missing = (message: string) => new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', message);

type Body = Readonly<Record<string, unknown>>;
const STATUSES = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'];

/** Exactly these fields, those with `?` may lack; each passes its check. */
function only(body: unknown, fields: Readonly<Record<string, (value: unknown) => boolean>>): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid('a message is an object');
  for (const key of Object.keys(body))
    if (!(key in fields) && !(`${key}?` in fields)) throw invalid(`unknown field ${key}`);
  for (const [field, check] of Object.entries(fields)) {
    const key = field.replace(/\?$/, '');
    const value = (body as Body)[key];
    if (value === undefined && field.endsWith('?')) continue;
    if (!check(value)) throw invalid(`field ${key} is ${JSON.stringify(value)?.slice(0, 80)}`);
  }
}

const text =
  (most = Number.POSITIVE_INFINITY) =>
  (v: unknown) =>
    typeof v === 'string' && v.length > 0 && v.length <= most;
const int64 = (v: unknown) => Number.isSafeInteger(v);
const natural = (v: unknown) => int64(v) && (v as number) >= 0;
const list = (most: number, each: (value: unknown) => void) => (v: unknown) => {
  if (!Array.isArray(v) || v.length > most) return false;
  v.forEach(each);
  return true;
};
const key = (v: unknown) => {
  if (!text(250)(v) || !/^[/\w.\- ]*$/.test(v as string)) return false;
  const norm = posix.normalize(v as string);
  return norm === v && norm !== '.' && !norm.startsWith('..') && !norm.startsWith('/');
};

export class MlflowStub {
  readonly experiments = new Map<string, string>();
  readonly runs = new Map<string, StoredRun>();
  readonly calls: string[] = [];
  readonly authorizations = new Set<string>();
  /** Answers before the server thinks: a status, a cut connection, or none. */
  trouble: (call: number, path: string) => { status: number; after?: string } | 'cut' | undefined = () =>
    undefined;
  artifacts = true;
  private readonly server = createServer((request, response) => void this.serve(request, response));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    const url = new URL(request.url!, 'http://x');
    this.calls.push(`${request.method} ${url.pathname}`);
    this.authorizations.add(request.headers.authorization ?? '');
    const answer = (status: number, body: object, headers = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    const trouble = this.trouble(this.calls.length, url.pathname);
    if (trouble === 'cut') return void request.socket.destroy();
    if (trouble)
      return void answer(
        trouble.status,
        {},
        trouble.after === undefined ? {} : { 'retry-after': trouble.after },
      );
    try {
      answer(200, this.answer(request, url, bytes));
    } catch (error) {
      if (error instanceof Refusal) answer(error.status, { error_code: error.code, message: error.message });
      else answer(500, { error_code: 'INTERNAL_ERROR', message: String(error) });
    }
  }

  private answer(request: IncomingMessage, url: URL, bytes: Buffer): object {
    const { method } = request;
    const artifact = /^\/api\/2\.0\/mlflow-artifacts\/artifacts\/(.+)$/.exec(url.pathname)?.[1];
    if (artifact !== undefined && method === 'PUT') return this.keep(artifact, bytes);
    const path = /^\/api\/2\.0\/mlflow\/(.+)$/.exec(url.pathname)?.[1];
    if (method === 'GET' && path === 'experiments/get-by-name') {
      const name = url.searchParams.get('experiment_name');
      const id = [...this.experiments].find(([, own]) => own === name)?.[0];
      if (id === undefined) throw missing(`Could not find experiment with name '${name}'`);
      return {
        experiment: {
          experiment_id: id,
          name,
          lifecycle_stage: 'active',
          artifact_location: `mlflow-artifacts:/${id}`,
        },
      };
    }
    if (method !== 'POST') throw new Refusal(405, 'METHOD', 'Method not allowed');
    if (request.headers['content-type'] !== 'application/json') throw invalid('content type');
    if (bytes.length > 1e6) throw invalid('a request is larger than 1,000,000 bytes');
    const body = JSON.parse(bytes.toString()) as Body;
    const handler = path === undefined ? undefined : this.posts[path];
    if (!handler) throw new Refusal(404, 'ENDPOINT_NOT_FOUND', url.pathname);
    return handler(body);
  }

  private readonly posts: Readonly<Record<string, (body: Body) => object>> = {
    'experiments/create': (body) => {
      only(body, { name: text(500), 'artifact_location?': text(), 'tags?': list(100, pair(5000)) });
      if ([...this.experiments.values()].includes(body['name'] as string))
        throw new Refusal(400, 'RESOURCE_ALREADY_EXISTS', 'experiment exists');
      const id = String(this.experiments.size + 1);
      this.experiments.set(id, body['name'] as string);
      return { experiment_id: id };
    },
    'runs/search': (body) => {
      only(body, {
        experiment_ids: list(100, () => {}),
        'filter?': text(),
        'max_results?': natural,
        'order_by?': () => true,
      });
      const filter = /^tags\.`([^`]+)` = '((?:[^']|'')*)'$/.exec(body['filter'] as string);
      if (!filter) throw invalid(`Invalid clause(s) in filter string: ${body['filter']}`);
      const value = filter[2]!.replaceAll("''", "'");
      const found = [...this.runs.values()].filter(
        (run) =>
          (body['experiment_ids'] as string[]).includes(run.experiment) && run.tags.get(filter[1]!) === value,
      );
      // proto3: an empty list isn't there.
      return found.length === 0
        ? {}
        : { runs: found.slice(0, body['max_results'] as number).map((run) => this.shown(run)) };
    },
    'runs/create': (body) => {
      only(body, {
        experiment_id: text(64),
        'run_name?': text(),
        'start_time?': natural,
        'tags?': list(100, pair(5000)),
        'user_id?': text(),
      });
      if (!this.experiments.has(body['experiment_id'] as string)) throw missing('No such experiment');
      const id = (this.runs.size + 1).toString(16).padStart(32, 'a');
      const run: StoredRun = {
        id,
        experiment: body['experiment_id'] as string,
        name: body['run_name'] as string,
        status: 'RUNNING',
        start: body['start_time'] as number,
        metrics: new Set(),
        params: new Map(),
        tags: new Map(
          ((body['tags'] ?? []) as { key: string; value: string }[]).map((t) => [t.key, t.value]),
        ),
        files: new Map(),
      };
      this.runs.set(id, run);
      return { run: this.shown(run) };
    },
    'runs/log-batch': (body) => {
      const metric = (v: unknown) =>
        only(v, {
          key,
          value: (x) => typeof x === 'number' && Number.isFinite(x),
          timestamp: natural,
          step: int64,
        });
      only(body, {
        run_id: text(),
        'metrics?': list(1000, metric),
        'params?': list(100, pair(500)),
        'tags?': list(100, pair(5000)),
      });
      const run = this.known(body);
      const all = (name: string) => (body[name] ?? []) as { key: string; value: string }[];
      if (all('metrics').length + all('params').length + all('tags').length > 1000)
        throw invalid('more than 1000 together');
      const params = all('params');
      if (new Set(params.map((p) => p.key)).size < params.length) throw invalid('Duplicate parameter keys');
      for (const p of params)
        if (run.params.has(p.key) && run.params.get(p.key) !== p.value)
          throw invalid(`Changing param values is not allowed: ${p.key}`);
      for (const p of params) run.params.set(p.key, p.value);
      for (const m of all('metrics')) run.metrics.add(JSON.stringify(m));
      for (const t of all('tags')) run.tags.set(t.key, t.value);
      return {};
    },
    'runs/set-tag': (body) => {
      only(body, { run_id: text(), key, value: text(5000) });
      this.known(body).tags.set(body['key'] as string, body['value'] as string);
      return {};
    },
    'runs/update': (body) => {
      only(body, {
        run_id: text(),
        'status?': (v) => STATUSES.includes(v as string),
        'end_time?': natural,
        'run_name?': text(),
      });
      const run = this.known(body);
      run.status = (body['status'] as string) ?? run.status;
      run.end = body['end_time'] as number;
      return { run_info: this.shown(run).info };
    },
  };

  private known(body: Body): StoredRun {
    const run = this.runs.get(body['run_id'] as string);
    if (!run) throw missing(`Run with id=${body['run_id']} not found`);
    return run;
  }

  private shown(run: StoredRun) {
    const uri = this.artifacts
      ? `mlflow-artifacts:/${run.experiment}/${run.id}/artifacts`
      : `/mlruns/${run.id}/artifacts`;
    return {
      info: {
        run_id: run.id,
        run_uuid: run.id,
        experiment_id: run.experiment,
        run_name: run.name,
        status: run.status,
        start_time: run.start,
        artifact_uri: uri,
        lifecycle_stage: 'active',
      },
      data: { tags: [...run.tags].map(([name, value]) => ({ key: name, value })) },
    };
  }

  private keep(path: string, bytes: Buffer): object {
    const parts = path.split('/').map(decodeURIComponent);
    const [experiment, id, artifacts, ...name] = parts;
    const run = this.runs.get(id ?? '');
    if (
      !this.artifacts ||
      !run ||
      run.experiment !== experiment ||
      artifacts !== 'artifacts' ||
      name.length === 0
    )
      throw missing(`no place for ${path}`);
    if (parts.includes('..')) throw invalid('Invalid path');
    run.files.set(name.join('/'), bytes);
    return {};
  }
}

const pair = (most: number) => (v: unknown) =>
  only(v, { key, value: (x) => typeof x === 'string' && x.length <= most });
