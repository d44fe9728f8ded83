import type { Fleet, Service } from '@seaworthy/model'

/** Which part of the fleet an object belongs to. */
export function labelsOf(
  fleet: Fleet,
  name: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/part-of': fleet.name,
    'app.kubernetes.io/managed-by': 'seaworthy',
    ...more,
  }
}

/** The labels by which pods are chosen; they never change, since a selector can't. */
export function selectorOf(fleet: Fleet, name: string): Record<string, string> {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': fleet.name }
}

/** The labels of a service's objects. */
export function serviceLabels(fleet: Fleet, service: Service): Record<string, string> {
  return labelsOf(fleet, service.name, {
    'seaworthy.dev/tier': service.tier,
    ...(service.owner && { 'seaworthy.dev/owner': labelValue(service.owner) }),
  })
}

/** Text as a label value: at most 63 letters, digits, `-`, `_` and `.`, beginning and ending with a letter or digit. */
export function labelValue(text: string): string {
  return text
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 63)
    .replace(/[^A-Za-z0-9]+$/, '')
}
