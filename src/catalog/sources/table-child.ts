import { serveOneTask } from '../../readers/table/child.ts';
import { rowSteps } from '../rows/index.ts';

/** The program of the process that reads tables, `dist/table-child.js`. */
serveOneTask(rowSteps);
