/** Where a supervisor lives. */
export interface Residence {
  /** The address on which it and the front doors of its targets listen. */
  listen: string;
  /** The name under which clients reach it. */
  host: string;
  /** 0: any free one. */
  port: number;
  /** Whether somebody else brings it back when it ends, so that clients never start one themselves. */
  isKept: boolean;
}

const loopback = '127.0.0.1';

/**
 * Reads the address of a supervisor that has a container for itself and the releases: `name:port`. Its doors are open to
 * the container's network. Without an address it is one for the processes of this machine, on the loopback.
 *
 * @throws Error when it is no address
 */
export function parseResidence(address: string | undefined): Residence {
  if (address === undefined) return { listen: loopback, host: loopback, port: 0, isKept: false };
  const [, host, port] = /^([a-z0-9][a-z0-9.-]*):(\d{1,5})$/i.exec(address) ?? [];
  if (host === undefined || port === undefined) throw new Error(`No address ${address}: it is name:port`);
  return { listen: '0.0.0.0', host, port: Number(port), isKept: true };
}
