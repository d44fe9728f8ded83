/** `250ms`, `20s`, `5m`, `1h`, `1d`, `2w`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd' | 'w'}`

/** `512Ki`, `256Mi`, `2Gi`, `1Ti` (powers of 1024), `1kB`, `1MB`, `1GB`, `1TB` (of 1000), `64B`. */
export type Size = `${number}${'B' | 'Ki' | 'Mi' | 'Gi' | 'Ti' | 'kB' | 'MB' | 'GB' | 'TB'}`

/** `60/min`, `5/s`, `100/h`, `1000/d`. */
export type Rate = `${number}/${'s' | 'min' | 'h' | 'd'}`

/** `99.9%`. */
export type Percent = `${number}%`

/** `0.5` or `500m`. */
export type Cpu = number | `${number}m`

/** `2026-11-20`. */
export type CalendarDate = `${number}-${number}-${number}`

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
