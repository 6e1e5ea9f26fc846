/** One verdict on a training, in words. */
export interface Diagnosis {
  readonly name: string;
  readonly confidence: 'low' | 'medium' | 'high';
  /** Since which epoch, where that is known. */
  readonly epoch?: number;
  /** How much: a ratio or a share, as the evidence says. */
  readonly size?: number;
  readonly evidence: string;
  /** One thing to try. */
  readonly advice: string;
}
