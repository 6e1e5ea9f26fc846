import { DuckDBInstance } from '@duckdb/node-api';

const INPUTS = 5;
const DAYS = ['Friday', 'Monday', 'Saturday', 'Sunday', 'Thursday', 'Tuesday', 'Wednesday'];
const WIDTH = 4 + DAYS.length;

/**
 * What configs/flights-delay.yaml asks for, as one would write it for this file alone: one thread, chunks into typed arrays, the
 * last fifth for the test, one-hot days, frequencies of airports, means and deviations of the training rows.
 */
export async function byHand(path: string) {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const from = `FROM read_parquet('${path}')`;
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJS();
  const count = Number((await rows(`SELECT count(*) ${from}`))[0]![0]);
  for (const column of ['origin', 'destination']) {
    const levels = (await rows(`SELECT DISTINCT ${column} ${from} ORDER BY 1`)).map(([level]) => level);
    await connection.run(`CREATE TYPE ${column}s AS ENUM (${levels.map((l) => `'${l}'`).join(', ')})`);
  }
  await connection.run(`CREATE TYPE days AS ENUM (${DAYS.map((d) => `'${d}'`).join(', ')})`);
  const result = await connection.stream(
    `SELECT distance::DOUBLE, enum_code(origin::origins)::DOUBLE, enum_code(destination::destinations)::DOUBLE,
      (hour(date) + minute(date) / 60)::DOUBLE, enum_code(dayname(date)::days)::DOUBLE,
      (delay >= 15)::INTEGER::DOUBLE, epoch(date)::DOUBLE ${from}`,
  );
  const x = new Float32Array(count * INPUTS);
  const y = new Int32Array(count);
  const time = new Float64Array(count);
  for (let row = 0; ; ) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    const of = (j: number) => (chunk.getColumnVector(j) as unknown as { items: Float64Array }).items;
    for (let j = 0; j < INPUTS; j++) {
      const values = of(j);
      for (let i = 0; i < chunk.rowCount; i++) x[(row + i) * INPUTS + j] = values[i]!;
    }
    const [late, when] = [of(INPUTS), of(INPUTS + 1)];
    for (let i = 0; i < chunk.rowCount; i++) {
      y[row + i] = late[i]!;
      time[row + i] = when[i]!;
    }
    row += chunk.rowCount;
  }
  connection.closeSync();
  instance.closeSync();
  return prepare(x, time, count);
}

function prepare(x: Float32Array, time: Float64Array, count: number) {
  const from = time.slice().sort()[count - Math.round(0.2 * count)]!;
  const frequencies = [new Float64Array(256), new Float64Array(256)] as const;
  let trained = 0;
  for (let row = 0; row < count; row++) {
    if (time[row]! >= from) continue;
    trained++;
    for (const k of [0, 1] as const) {
      const code = x[row * INPUTS + 1 + k]!;
      frequencies[k][code] = frequencies[k][code]! + 1;
    }
  }
  for (const list of frequencies) for (let i = 0; i < 256; i++) list[i] = list[i]! / trained;
  const train = new Float32Array(trained * WIDTH);
  const test = new Float32Array((count - trained) * WIDTH);
  let [a, b] = [0, 0];
  for (let row = 0; row < count; row++) {
    const isTrain = time[row]! < from;
    const out = isTrain ? train : test;
    const to = (isTrain ? a++ : b++) * WIDTH;
    const at = row * INPUTS;
    out[to] = x[at]!;
    out[to + 1] = frequencies[0][x[at + 1]!]!;
    out[to + 2] = frequencies[1][x[at + 2]!]!;
    out[to + 3] = x[at + 3]!;
    out[to + 4 + x[at + 4]!] = 1;
  }
  for (let j = 0; j < 4; j++) {
    let sum = 0;
    for (let i = j; i < train.length; i += WIDTH) sum += train[i]!;
    const mean = sum / trained;
    let squares = 0;
    for (let i = j; i < train.length; i += WIDTH) squares += (train[i]! - mean) ** 2;
    const std = Math.sqrt(squares / trained);
    for (const part of [train, test])
      for (let i = j; i < part.length; i += WIDTH) part[i] = (part[i]! - mean) / std;
  }
  return { train, test };
}
