import { escapeText } from './escape.ts';

export interface JunitCase {
  readonly name: string;
  /** Why it failed. */
  readonly failure?: string;
  /** Why it was not tried. */
  readonly skipped?: string;
}

export interface JunitSuite {
  readonly suite: string;
  readonly classname: string;
  readonly cases: readonly JunitCase[];
  readonly seconds: number;
}

/** JUnit's XML: what CI servers show by themselves. */
export function junit({ suite, classname, cases, seconds }: JunitSuite): string {
  const lines = cases.map(({ name, failure, skipped }) => {
    const open = `  <testcase classname="${xml(classname)}" name="${xml(name)}"`;
    if (failure !== undefined) return `${open}><failure message="${xml(failure)}"/></testcase>`;
    if (skipped !== undefined) return `${open}><skipped message="${xml(skipped)}"/></testcase>`;
    return `${open}/>`;
  });
  const count = (key: 'failure' | 'skipped') => cases.filter((c) => c[key] !== undefined).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${xml(suite)}" tests="${cases.length}" failures="${count('failure')}" ` +
      `skipped="${count('skipped')}" time="${seconds.toFixed(3)}">`,
    ...lines,
    '</testsuite>',
    '',
  ].join('\n');
}

const xml = (text: string): string =>
  escapeText(text)
    .replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
    .replace(/[\ufffe\uffff]/g, '\ufffd');
