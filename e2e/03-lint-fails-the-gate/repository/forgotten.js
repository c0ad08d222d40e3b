export function forgotten() {
  debugger;
}
