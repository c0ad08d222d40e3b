import { OrchestraError } from '@orchestra/contracts';

/** The world outside of a service that is replayed: nothing of it is there, and what was asked first is remembered. */
export interface UnaskedWorld {
  /** Ports of any service: every method refuses to work. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- only the caller knows whose ports they are
  ports<P extends object>(): P;
  /** Remembers that something outside was asked. */
  touch(name: string): void;
  /** The name of what was asked first since the last call; null: nothing. */
  takeTouched(): string | null;
}

/** Creates a world of which no event tells: whoever asks it gets no answer, and his answer cannot be judged. */
export function createUnaskedWorld(): UnaskedWorld {
  let touched: string | null = null;
  const touch = (name: string): void => {
    touched ??= name;
  };
  return {
    ports: () => part('', touch),
    touch,
    takeTouched() {
      const name = touched;
      touched = null;
      return name;
    },
  };
}

// A part of the ports by its path: it can be called, which fails, and it has parts.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- only the caller knows whose ports they are
function part<P extends object>(path: string, touch: (name: string) => void): P {
  const target: P = Object.assign(() => {});
  return new Proxy(target, {
    get(_target, name) {
      if (typeof name === 'string')
        return name === 'then' ? undefined : part(path === '' ? name : `${path}.${name}`, touch);
      touch(path);
      return undefined;
    },
    apply() {
      touch(path);
      throw new OrchestraError('NOT_PERMITTED', `A replay does not reach ${path}`);
    },
  });
}
