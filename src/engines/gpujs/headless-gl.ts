import { createRequire } from 'node:module';
import { firstLine } from '../first-line.ts';
import { type Answer, isSoftware } from './adapter.ts';
import { loadGpuJs } from './load.ts';

const GL_RENDERER = 0x1f01;

interface Context {
  getParameter(name: number): unknown;
}
interface HeadlessKernel {
  readonly isSupported: boolean;
  readonly testContext: Context | null;
}

const INSTALL =
  'npm install gl (it compiles for some minutes; Debian needs libxi-dev, libxext-dev, libgl1-mesa-dev, pkg-config and python3)';

/** Asks for a WebGL context without a window. Never throws: what is wrong is the answer's reason. */
export async function askHeadlessGl(): Promise<Answer> {
  const none = { device: '', hardware: false };
  const { HeadlessGLKernel } = (await loadGpuJs()) as unknown as { HeadlessGLKernel: HeadlessKernel };
  if (!HeadlessGLKernel.isSupported) {
    const problem = glProblem();
    if (problem) return { ...none, ...problem };
    const shown = process.env['DISPLAY'];
    const help = 'run it in a graphical session, or with xvfb-run in front';
    const reason = shown ? `no OpenGL context on display ${shown}` : 'no display answers (DISPLAY is unset)';
    return { ...none, reason: process.platform === 'linux' ? reason : 'no OpenGL context', help };
  }
  const device = renderer(HeadlessGLKernel.testContext!);
  // A renderer without a name isn't taken for hardware.
  return { device: device || 'unnamed renderer', hardware: device !== '' && !isSoftware(device) };
}

/** Why `gl` isn't there; undefined if it loads. */
function glProblem(): Pick<Answer, 'reason' | 'help'> | undefined {
  const require = createRequire(import.meta.url);
  try {
    require('gl');
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND' && !isInstalled(require))
      return { reason: 'the package gl is not installed', help: INSTALL };
    return { reason: `the package gl can't be loaded: ${firstLine(error)}`, help: INSTALL };
  }
}

function isInstalled(require: NodeJS.Require): boolean {
  try {
    require.resolve('gl');
    return true;
  } catch {
    return false;
  }
}

/** The driver's own renderer string, which headless-gl hides behind "ANGLE" as WebGL wants it. */
function renderer(context: Context): string {
  let native: Context = context;
  for (let p = Object.getPrototypeOf(context); p && p !== Object.prototype; p = Object.getPrototypeOf(p)) {
    if (Object.hasOwn(p, 'getParameter')) native = p;
  }
  try {
    const name = native.getParameter.call(context, GL_RENDERER);
    return typeof name === 'string' && name !== 'ANGLE' ? name.trim() : '';
  } catch {
    return '';
  }
}
