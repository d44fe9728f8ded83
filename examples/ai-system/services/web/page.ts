/** The conversation page: one file, no build, usable by keyboard and screen reader. */
export const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Conversation</title>
<style>
  body { font: 16px/1.5 system-ui; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; background: #fff }
  ol { list-style: none; padding: 0 } li { padding: .5rem .75rem; margin: .25rem 0; border-radius: .5rem }
  .you { background: #e7f0ff } .system { background: #f2f2f2 } small { color: #595f66 }
  form { display: flex; gap: .5rem } input { flex: 1; font: inherit; padding: .5rem } button { font: inherit; padding: .5rem 1rem }
</style>
<h1>Conversation</h1>
<ol id="turns" aria-live="polite"></ol>
<form id="form"><input id="text" aria-label="Your message" autocomplete="off" required autofocus><button>Send</button></form>
<script>
  const session = crypto.randomUUID()
  const add = (who, text, note) => {
    const li = document.createElement('li'); li.className = who; li.textContent = text
    if (note) { const small = document.createElement('small'); small.textContent = ' ' + note; li.append(small) }
    turns.append(li); li.scrollIntoView()
  }
  form.onsubmit = async (event) => {
    event.preventDefault()
    const said = text.value; text.value = ''; add('you', said)
    const response = await fetch('dialogue', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ session, text: said }) })
    const answer = await response.json()
    add('system', response.ok ? answer.reply : 'No answer: ' + (answer.title ?? response.status), response.ok ? answer.mood : '')
  }
</script>
</html>
`
