import type { ProblemCode } from './problem.ts'

/** Codes of reading a catalog: its file, its shape and its values. Cross-field rules have a table of their own. */
export const problemCodes: readonly ProblemCode[] = [
  {
    code: 'SW1001',
    title: 'Unknown key',
    meaning: 'The catalog has no such field here. The hint names the nearest one that exists.',
  },
  {
    code: 'SW1002',
    title: 'Missing value',
    meaning: 'A field without which its object means nothing is not written. Write it, or take the object away.',
  },
  {
    code: 'SW1003',
    title: 'Wrong kind of value',
    meaning: 'A value of another kind was expected, such as a list instead of a text.',
  },
  {
    code: 'SW1004',
    title: 'Wrong unit',
    meaning:
      'A duration, size, rate, percentage, number of cores, date or schedule is not written as the catalog does.',
  },
  {
    code: 'SW1005',
    title: 'Value out of bounds',
    meaning: 'A number lies outside of what the field can mean.',
  },
  {
    code: 'SW1006',
    title: 'Unknown word',
    meaning: 'The field takes one of a few words, or a text of a certain form. The hint names the nearest.',
  },
  {
    code: 'SW1007',
    title: 'Invalid name',
    meaning:
      'Names become host names, so they must be RFC 1123 labels: lower-case letters, digits and hyphens, at most 63.',
  },
  {
    code: 'SW1008',
    title: 'Reference to nothing',
    meaning: 'Nothing of that kind has this name. The hint names the nearest that exists.',
  },
  {
    code: 'SW1009',
    title: 'Reference to the wrong kind',
    meaning: 'A part of that name exists, but it is of a kind that cannot stand here.',
  },
  {
    code: 'SW1010',
    title: 'One name for two things',
    meaning: 'Two different parts have the same name. Services, jobs and resources share one space of names.',
  },
  {
    code: 'SW1011',
    title: 'Unknown environment',
    meaning: 'An overlay or a command names an environment that the fleet does not have.',
  },
  {
    code: 'SW1012',
    title: 'Not plain data',
    meaning: 'A function, class instance, promise or cycle stands where the catalog expects plain data.',
  },
  {
    code: 'SW1020',
    title: 'No catalog found',
    meaning: 'There is no seaworthy.config.mts, seaworthy.yaml or seaworthy.json here. `seaworthy init` writes one.',
  },
  {
    code: 'SW1021',
    title: 'Catalog does not parse',
    meaning: 'The file is not valid TypeScript, YAML or JSON at the given place.',
  },
  {
    code: 'SW1022',
    title: 'Catalog throws',
    meaning: 'Evaluating the catalog threw an error; the place is the line of the catalog that led to it.',
  },
  {
    code: 'SW1023',
    title: 'Syntax that is not erasable',
    meaning:
      'Catalogs run as they are: types are erased, so enums, namespaces and parameter properties cannot be used.',
  },
  {
    code: 'SW1024',
    title: 'No fleet exported',
    meaning: 'The catalog must `export default fleet(...)`: not a promise, a function, or nothing.',
  },
  {
    code: 'SW1025',
    title: 'Import not found',
    meaning: 'The catalog imports a file or package that is not there.',
  },
  {
    code: 'SW1026',
    title: 'Several catalogs',
    meaning: 'More than one catalog stands in the folder, so that it is not clear which is meant. Name one.',
  },
  {
    code: 'SW1030',
    title: 'No such part',
    meaning: 'The fleet has no service, job or resource of that name. The hint names the nearest.',
  },
]
