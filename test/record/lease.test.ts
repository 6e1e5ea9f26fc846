import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLease, takeLease } from '../../src/record/index.ts';
import { failureOf, scratch } from './helpers.ts';

describe('takeLease', () => {
  it('gives a folder to one at a time', async () => {
    const folder = scratch();
    const lease = takeLease(folder);
    expect(readLease(folder)).toMatchObject({ alive: true, holder: { pid: process.pid } });
    const failure = await failureOf(() => takeLease(folder));
    expect(failure).toMatchObject({ code: 'run-busy', exit: 3 });
    expect(failure.message).toContain(`process ${process.pid}`);
    lease.release();
    expect(existsSync(join(folder, 'lease.json'))).toBe(false);
    takeLease(folder).release();
  });

  it('takes over what a dead process or a torn write left', async () => {
    const folder = scratch();
    const child: ChildProcess = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    takeLease(folder).release();
    const lease = takeLease(folder);
    const path = join(folder, 'lease.json');
    const mine = JSON.parse(readFileSync(path, 'utf8'));
    lease.release();
    writeFileSync(path, JSON.stringify({ ...mine, pid: child.pid, started: null }));
    expect(readLease(folder)?.alive).toBe(true);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    expect(readLease(folder)?.alive).toBe(false);
    const next = takeLease(folder);
    expect(JSON.parse(readFileSync(path, 'utf8')).pid).toBe(process.pid);
    next.release();
  });

  it('releases no lease but its own', () => {
    const folder = scratch();
    const lease = takeLease(folder);
    writeFileSync(join(folder, 'lease.json'), '{"pid":1,"host":"other"}');
    lease.release();
    expect(existsSync(join(folder, 'lease.json'))).toBe(true);
  });
});
