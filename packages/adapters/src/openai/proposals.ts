/** What a language model gets to know: nothing but this leaves the house. */
export interface ProposalRequest {
  tool: 'terraform' | 'cloudformation';
  environment: string;
  /** Where the configuration is missing, for the model to know; its answer names files relative to it. */
  folder: string;
  /** What the pipeline file says of where it is released. */
  deployment: object | null;
  /** Names of files of the repository. */
  files: readonly string[];
  /** Texts of manifests by their names. */
  manifests: Readonly<Record<string, string>>;
}

/** A file as the model wrote it: foreign in every part. */
export interface ProposedFile {
  /** Relative to the folder of the request, if the model did as it was told. */
  path: string;
  content: string;
}

/** Proposes the files of a configuration that is missing. */
export interface Proposals {
  /**
   * Asks once; a call costs money, and nothing here repeats it.
   *
   * @returns at least one file; neither paths nor contents are judged
   * @throws OrchestraError `MODEL_UNAVAILABLE`, retriable: no answer in time, or an error of the server; `MODEL_REFUSED`, not
   *   retriable: the request was refused, or the answer is cut, too long or of another form
   */
  propose(request: ProposalRequest, signal: AbortSignal): Promise<readonly ProposedFile[]>;
}
