/** Whether a program can be given a variable of this name; `__proto__` is none, because JavaScript cannot keep it apart. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && name !== '__proto__'
}
