export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * A curve of bounded memory: when it is full, neighbours are merged into their mean, so that a run of
 * days keeps its whole shape. Points come with rising x; those without a finite y are left out.
 */
export class Series {
  private kept: Point[] = [];
  private pending: Point[] = [];
  private merged = 1; // raw points in each kept one
  private readonly capacity: number;

  constructor(capacity = 1024) {
    this.capacity = capacity;
  }

  add(x: number, y: number): void {
    if (!Number.isFinite(y)) return;
    this.pending.push({ x, y });
    if (this.pending.length < this.merged) return;
    this.kept.push(mean(this.pending));
    this.pending = [];
    if (this.kept.length < this.capacity) return;
    const pairs: Point[] = [];
    for (let i = 0; i + 1 < this.kept.length; i += 2) pairs.push(mean(this.kept.slice(i, i + 2)));
    this.kept = pairs;
    this.merged *= 2;
  }

  /** Oldest first; the newest one is always there. */
  points(): readonly Point[] {
    return this.pending.length === 0 ? this.kept : [...this.kept, mean(this.pending)];
  }
}

function mean(points: readonly Point[]): Point {
  let x = 0;
  let y = 0;
  for (const p of points) {
    x += p.x / points.length;
    y += p.y / points.length;
  }
  return { x, y };
}
