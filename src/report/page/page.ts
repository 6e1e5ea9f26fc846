import { createHash } from 'node:crypto';
import { html } from './html.ts';
import { STYLE } from './style.ts';

/**
 * A page that needs nothing else: styles and pictures are inside, and its policy allows no script, no
 * network, no form.
 * @param body HTML: everything in it that somebody else wrote went through `html`
 */
export function pageOf(title: string, body: string, more = ''): string {
  const style = STYLE + more;
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${html(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

/** A heading, a sentence for those who learn, and what it is about. */
export const section = (title: string, why: string, body: string): string =>
  `<h2>${title}</h2>\n<p class="soft">${why}</p>\n${body}`;
