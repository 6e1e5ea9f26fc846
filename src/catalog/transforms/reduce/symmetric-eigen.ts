export interface Eigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** Row i is the unit eigenvector of `values[i]`: `[n, n]`, row-major. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix `[n, n]`: Householder tridiagonalization, then implicit
 * QL. Bowdler, Martin, Reinsch, Wilkinson's `tred2` and `tql2` (Handbook for Automatic Computation II, 1971)
 * as in EISPACK and in the public domain package JAMA. Vectors are kept column by column, so that the inner
 * loops run over neighbours. Deterministic; O(n³).
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  // By a power of two to about 1, which is exact: products of very small or large entries stay in range.
  const largest = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const factor = largest > 0 ? 2 ** Math.max(-1000, Math.min(1000, -Math.round(Math.log2(largest)))) : 1;
  const vectors = matrix.map((value) => value * factor);
  const values = new Float64Array(n);
  const off = new Float64Array(n);
  tridiagonalize(vectors, values, off, n);
  diagonalize(vectors, values, off, n);
  return sorted(
    values.map((value) => value / factor),
    vectors,
    n,
  );
}

/**
 * v: in the matrix, out the transformation (v[j * n + i] is row i, column j); d the diagonal, e the one below
 * it.
 */
function tridiagonalize(v: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) d[j] = v[j * n + n - 1]!;
  for (let i = n - 1; i > 0; i--) {
    let scale = 0;
    let h = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(d[k]!);
    if (scale === 0) {
      e[i] = d[i - 1]!;
      for (let j = 0; j < i; j++) {
        d[j] = v[j * n + i - 1]!;
        v[j * n + i] = 0;
        v[i * n + j] = 0;
      }
    } else {
      // The Householder vector of row i.
      for (let k = 0; k < i; k++) {
        d[k] = d[k]! / scale;
        h += d[k]! * d[k]!;
      }
      let f = d[i - 1]!;
      let g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h);
      e[i] = scale * g;
      h -= f * g;
      d[i - 1] = f - g;
      e.fill(0, 0, i);
      // The similarity transformation of the columns that are left.
      for (let j = 0; j < i; j++) {
        const column = j * n;
        f = d[j]!;
        v[i * n + j] = f;
        g = e[j]! + v[column + j]! * f;
        for (let k = j + 1; k < i; k++) {
          g += v[column + k]! * d[k]!;
          e[k] = e[k]! + v[column + k]! * f;
        }
        e[j] = g;
      }
      f = 0;
      for (let j = 0; j < i; j++) {
        e[j] = e[j]! / h;
        f += e[j]! * d[j]!;
      }
      const half = f / (h + h);
      for (let j = 0; j < i; j++) e[j] = e[j]! - half * d[j]!;
      for (let j = 0; j < i; j++) {
        const column = j * n;
        f = d[j]!;
        g = e[j]!;
        for (let k = j; k < i; k++) v[column + k] = v[column + k]! - (f * e[k]! + g * d[k]!);
        d[j] = v[column + i - 1]!;
        v[column + i] = 0;
      }
    }
    d[i] = h;
  }
  accumulate(v, d, n);
  e[0] = 0;
}

/** Multiplies the Householder reflections together. */
function accumulate(v: Float64Array, d: Float64Array, n: number): void {
  for (let i = 0; i < n - 1; i++) {
    v[i * n + n - 1] = v[i * n + i]!;
    v[i * n + i] = 1;
    const next = (i + 1) * n;
    const h = d[i + 1]!;
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = v[next + k]! / h;
      for (let j = 0; j <= i; j++) {
        const column = j * n;
        let g = 0;
        for (let k = 0; k <= i; k++) g += v[next + k]! * v[column + k]!;
        for (let k = 0; k <= i; k++) v[column + k] = v[column + k]! - g * d[k]!;
      }
    }
    v.fill(0, next, next + i + 1);
  }
  for (let j = 0; j < n; j++) {
    d[j] = v[j * n + n - 1]!;
    v[j * n + n - 1] = 0;
  }
  v[n * n - 1] = 1;
}

/** Implicit QL on the tridiagonal matrix; the rotations go into the columns of v. */
function diagonalize(v: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  let shift = 0;
  let size = Number.EPSILON ** 2; // below EPSILON³ of the largest entry everything is 0
  for (let l = 0; l < n; l++) {
    size = Math.max(size, Math.abs(d[l]!) + Math.abs(e[l]!));
    let m = l; // the first small element below the diagonal; e[n - 1] = 0 ends the search
    while (Math.abs(e[m]!) > Number.EPSILON * size) m++;
    while (m > l && Math.abs(e[l]!) > Number.EPSILON * size) {
      // Wilkinson's shift.
      let g = d[l]!;
      let p = (d[l + 1]! - g) / (2 * e[l]!);
      let r = p < 0 ? -Math.hypot(p, 1) : Math.hypot(p, 1);
      d[l] = e[l]! / (p + r);
      d[l + 1] = e[l]! * (p + r);
      const next = d[l + 1]!;
      let h = g - d[l]!;
      for (let i = l + 2; i < n; i++) d[i] = d[i]! - h;
      shift += h;
      // The sweep from m up to l.
      p = d[m]!;
      let [c, c2, c3, s, s2] = [1, 1, 1, 0, 0];
      const below = e[l + 1]!;
      for (let i = m - 1; i >= l; i--) {
        c3 = c2;
        c2 = c;
        s2 = s;
        g = c * e[i]!;
        h = c * p;
        r = Math.hypot(p, e[i]!);
        e[i + 1] = s * r;
        s = e[i]! / r;
        c = p / r;
        p = c * d[i]! - s * g;
        d[i + 1] = h + s * (c * g + s * d[i]!);
        rotate(v, i * n, n, c, s);
      }
      p = (-s * s2 * c3 * below * e[l]!) / next;
      e[l] = s * p;
      d[l] = c * p;
    }
    d[l] = d[l]! + shift;
    e[l] = 0;
  }
}

/** Columns at `first` and `first + n` by the rotation (c, s). */
function rotate(v: Float64Array, first: number, n: number, c: number, s: number): void {
  const second = first + n;
  for (let k = 0; k < n; k++) {
    const a = v[first + k]!;
    const b = v[second + k]!;
    v[second + k] = s * a + c * b;
    v[first + k] = c * a - s * b;
  }
}

function sorted(values: Float64Array, vectors: Float64Array, n: number): Eigen {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
  const out = new Float64Array(n * n);
  order.forEach((from, to) => {
    out.set(vectors.subarray(from * n, (from + 1) * n), to * n);
  });
  return { values: Float64Array.from(order, (from) => values[from]!), vectors: out };
}
