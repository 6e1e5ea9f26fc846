import { render } from 'ink';
import type { RunEvent } from '../../protocol/events.ts';
import { outliveOutput, writeAll } from '../output.ts';
import { exhibitsToShow, type Reporter, type ReporterOptions } from '../reporter.ts';
import { apply, newState } from '../store.ts';
import { briefLines, summaryLines } from '../summary.ts';
import { App } from './app.tsx';
import { themeOf } from './theme.ts';

/**
 * Once a second; down to every three where Ink alone would take more than this part of the time. The whole of
 * a frame, the terminal's work included, costs several times that.
 */
const TICK_MS = 1000;
const SLOWEST_MS = 3000;
const SHARE = 0.004;

/** The live view on stderr; afterwards the summary on stdout. */
export function tuiReporter(o: ReporterOptions): Reporter {
  const state = newState();
  const now = () => performance.now();
  outliveOutput(o.stdout);
  // A narrower terminal breaks the frame's lines, so that it is taller than Ink, which erases it, believes.
  // Registered before Ink's own listener: the visible screen is emptied, the scrollback stays.
  let columns = o.stderr.columns;
  const onResize = () => {
    if (o.stderr.columns < columns) o.stderr.write('\x1b[2J\x1b[H');
    columns = o.stderr.columns;
  };
  o.stderr.on('resize', onResize);
  let cost = 0; // milliseconds that Ink took for its last frame
  const theme = themeOf(o);
  const pause = () => Math.min(SLOWEST_MS, Math.max(TICK_MS, cost / SHARE));
  const onInterrupt = () => process.kill(process.pid, 'SIGINT');
  const app = () => (
    <App
      state={state}
      screen={o.stderr}
      theme={theme}
      now={now}
      pause={pause}
      onStop={o.onStop}
      onInterrupt={onInterrupt}
    />
  );
  const view = render(app(), {
    stdout: o.stderr,
    stderr: o.stderr,
    exitOnCtrlC: false,
    maxFps: 5,
    onRender: ({ renderTime }) => {
      cost = renderTime;
    },
    // Ink 6.8.0 drifts down a line each frame with incrementalRendering (it forgets the trailing newline).
    incrementalRendering: false,
  });
  // Asked for now: after a failure of the view, which Ink has shown, it would never settle. The run goes on.
  const ended = view.waitUntilExit().catch(() => undefined);
  return {
    event(e: RunEvent) {
      apply(state, e, now());
    },
    async close() {
      const lines = o.brief ? briefLines(state) : summaryLines(state, exhibitsToShow(state, o));
      // The summary takes the view's place; where it goes elsewhere, or there is none, the last frame stays.
      view.rerender(lines.length > 0 && o.stdout.isTTY ? null : app());
      view.unmount();
      o.stderr.off('resize', onResize);
      await ended;
      await writeAll(o.stdout, lines.map((line) => `${line}\n`).join(''));
    },
  };
}
