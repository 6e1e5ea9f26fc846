import { Box, useInput, useStdin } from 'ink';
import { type ReactElement, useEffect, useReducer, useState } from 'react';
import { metric } from '../format.ts';
import { learningRate, progress, type RunState, secondMetric } from '../store.ts';
import { truncate } from '../width.ts';
import { Chart, type Curves } from './chart.tsx';
import { EpochTable } from './epochs.tsx';
import { footerLines } from './footer.ts';
import { Header, ProgressLine } from './head.tsx';
import { layout, type Size } from './layout.ts';
import { Lines } from './lines.tsx';
import { Sparks, sparksOf } from './narrow.tsx';
import { axisEnd, type Scale } from './plot.ts';
import type { Theme } from './theme.ts';

export interface Screen extends Size {
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

export interface AppProps {
  readonly state: RunState;
  readonly screen: Screen;
  readonly theme: Theme;
  /** Milliseconds, the clock that the events were stamped with. */
  readonly now: () => number;
  /** Milliseconds until the next drawing, asked after each one. */
  readonly pause: () => number;
  onStop(): void;
  onInterrupt(): void;
}

/** The live view. Events only change `state`; it is drawn anew by a timer, keys and resizing. */
export function App({ state, screen, theme, now, pause, onStop, onInterrupt }: AppProps): ReactElement {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const [scale, setScale] = useState<Scale>('log');
  const [onlyTable, setOnlyTable] = useState(false);
  const [help, setHelp] = useState(false);
  const [stopping, setStopping] = useState(false);
  // Where stdin is a file or a pipe Ink says undefined, which useInput would take for its default, true.
  const usable = useStdin().isRawModeSupported === true;

  useEffect(() => {
    let timer: NodeJS.Timeout;
    const tick = () => {
      redraw();
      timer = setTimeout(tick, pause());
    };
    timer = setTimeout(tick, pause());
    screen.on('resize', redraw);
    return () => {
      clearTimeout(timer);
      screen.off('resize', redraw);
    };
  }, [screen, pause]);

  useInput(
    (input, key) => {
      // In raw mode the terminal no longer turns ctrl-c into a signal; pressed fast, several come as one
      // input.
      if ((key.ctrl && input === 'c') || input.includes('\u0003')) onInterrupt();
      else if (input === 'q' && !stopping) {
        setStopping(true);
        onStop();
      } else if (input === 'l') setScale((s) => (s === 'log' ? 'linear' : 'log'));
      else if (input === 't') setOnlyTable((on) => !on);
      else if (input === '?') setHelp((on) => !on);
    },
    { isActive: usable },
  );

  const width = Math.max(1, (screen.columns || 80) - 1);
  const size = { columns: screen.columns || 80, rows: screen.rows || 24 };
  const curves = curvesOf(state);
  const footer = footerLines(state, { stopping, help, usable }, width, theme);
  const wants = { footer: footer.length, curves: sparksOf(curves).length, onlyTable };
  const at = progress(state, now());
  const look = layout(size, wants);

  if (look.kind === 'line') return <Lines lines={[oneLine(state, at?.fraction ?? 0, width)]} />;
  const chartWidth = curves.length > 1 ? Math.floor((width - 3) / 2) : width;
  const xMax = axisEnd(at?.epochs ?? 1, (at?.fraction ?? 0) * (at?.epochs ?? 1));
  return (
    <Box flexDirection="column" width={width}>
      <Header state={state} width={width} theme={theme} />
      {at ? <ProgressLine state={state} at={at} width={width} theme={theme} /> : null}
      {look.kind === 'narrow' && !onlyTable ? (
        <Sparks
          curves={curves}
          best={bestOf(state)}
          width={width}
          height={look.height - 2 - footer.length}
          theme={theme}
        />
      ) : null}
      {look.chart > 0 && at ? (
        <Box columnGap={3}>
          {curves.map((c) => (
            <Box key={c.name} width={chartWidth}>
              <Chart
                curves={c}
                width={chartWidth}
                height={look.chart}
                scale={c.name === 'loss' ? scale : 'linear'}
                xMax={xMax}
                theme={theme}
              />
            </Box>
          ))}
        </Box>
      ) : null}
      <EpochTable state={state} width={width} height={look.table} theme={theme} />
      <Lines lines={footer} />
    </Box>
  );
}

/** Loss, and beside it the first other metric of the training step. */
function curvesOf(state: RunState): Curves[] {
  const best = bestOf(state);
  const second = secondMetric(state);
  return ['loss', ...(second === undefined ? [] : [second])].map((name) => ({
    name,
    train: state.steps.get(name)?.points() ?? [],
    validation: state.epochMeans.get(`val_${name}`)?.points() ?? [],
    best:
      best && (best.monitor === name || best.monitor === `val_${name}`)
        ? { x: best.epoch, y: best.value }
        : undefined,
  }));
}

function bestOf(state: RunState): { monitor: string; epoch: number; value: number } | undefined {
  const monitor = state.started?.monitor;
  const value = monitor === undefined ? undefined : state.best?.metrics[monitor];
  return monitor === undefined || value === undefined
    ? undefined
    : { monitor, epoch: state.best!.epoch, value };
}

/** Where nothing else fits. */
function oneLine(state: RunState, fraction: number, width: number): string {
  const run = state.started;
  if (!run) return truncate('preparing', width);
  const loss = state.last?.metrics['loss'];
  const rate = state.last && learningRate(state.last.scalars);
  const parts = [`${state.last?.epoch ?? 0}/${run.epochs}`, `${Math.floor(fraction * 100)}%`];
  if (loss !== undefined) parts.push(`loss ${metric(loss)}`);
  if (rate !== undefined) parts.push(`lr ${metric(rate)}`);
  return truncate(parts.join(' '), width);
}
