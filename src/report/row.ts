/** One labelled line of the summary. */
export interface Row {
  readonly label: string;
  readonly text: string;
}
