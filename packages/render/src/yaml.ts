import { Document, visit } from 'yaml'

/** A value as YAML 1.2 that YAML 1.1 readers (kubectl, Helm) read the same way; the same value gives the same bytes. */
export function toYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false })
  visit(document, {
    Scalar(_, node) {
      // Words that YAML 1.1 takes for booleans, numbers or dates must stay text.
      if (typeof node.value === 'string' && /^(y|n|yes|no|on|off|true|false|null|~|[-+.\d].*)$/i.test(node.value))
        node.type = 'QUOTE_DOUBLE'
    },
  })
  return document.toString({ lineWidth: 0, indentSeq: false })
}

/** Several documents in one file. */
export function toYamlDocuments(values: readonly unknown[]): string {
  return values.map(toYaml).join('---\n')
}
