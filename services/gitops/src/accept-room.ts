/** What may be taken in at once. */
export interface AcceptLimits {
  /** Requests that are read, checked or being made durable at the same time. */
  maxAtOnce: number;
  /** Bytes of their bodies together. */
  maxBytes: number;
}

/** The bounded room for requests between their first byte and their answer: a burst costs no more memory than this. */
export interface AcceptRoom {
  /** Null: all places are taken. */
  enter(): Place | null;
}

/** One request's part of the room. */
export interface Place {
  /** Takes room for bytes before they are kept; false: there is none left. */
  take(bytes: number): boolean;
  /** Gives the place and its bytes back. Safe to repeat. */
  leave(): void;
}

/** Creates the room of one process; all routes that accept share it. */
export function createAcceptRoom({ maxAtOnce, maxBytes }: AcceptLimits): AcceptRoom {
  let places = 0;
  let bytes = 0;
  return {
    enter() {
      if (places >= maxAtOnce) return null;
      places += 1;
      return createPlace();
    },
  };

  function createPlace(): Place {
    let taken = 0;
    let isLeft = false;
    return {
      take(more) {
        if (isLeft || bytes + more > maxBytes) return false;
        taken += more;
        bytes += more;
        return true;
      },
      leave() {
        if (isLeft) return;
        isLeft = true;
        places -= 1;
        bytes -= taken;
      },
    };
  }
}
