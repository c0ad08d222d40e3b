/** One thing wrong with a pipeline file. Lines and columns count from 1. */
export interface Problem {
  path: string;
  line: number;
  column: number;
  message: string;
  suggestion: string | null;
  /** Three lines of the file with a mark under the place. */
  frame: string;
}
