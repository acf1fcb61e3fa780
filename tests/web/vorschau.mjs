// Drives the live preview (ihk serve) in a browser with real saves: node vorschau.mjs – exit 1 on any violation, 2 if nothing
// could be judged. Measures how long after write() a change can be seen, in a concept of 60 measures.
import {spawn} from 'node:child_process';
import {cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {loadavg, tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

const require = createRequire(pathToFileURL(`${process.env.NODE_PATH ?? process.cwd()}/x.js`));
const puppeteer = require('puppeteer-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const {CHROMIUM, IHK, CONCEPTS} = process.env;
const MEASURES = 60;
const SAVES = 15;
const LIMIT = 300; // milliseconds, the median

if (!CHROMIUM || !IHK || !CONCEPTS) {
  console.error('usage: CHROMIUM=/path IHK=/path/to/ihk CONCEPTS=/path/to/concepts NODE_PATH=/path node vorschau.mjs');
  process.exit(2);
}

let failures = 0;
const check = (ok, where, what) => {
  if (ok) return;
  failures += 1;
  console.log(`  ${where}: ${what}`);
};
const sleep = (ms) => new Promise((r) => { setTimeout(r, ms); });

// ------------------------------------------------------------------------------------------------- a project of 60 measures

const folder = mkdtempSync(join(tmpdir(), 'ihk-vorschau-'));
const concept = join(folder, 'concepts', 'musterstadt-ost');
const current = join(concept, '2024');
const file = (id) => join(current, 'massnahmen', `${id}.yaml`);

const prepare = () => {
  cpSync(join(CONCEPTS, 'musterstadt-ost'), concept, {recursive: true});
  cpSync(join(CONCEPTS, 'kempten-sankt-mang'), join(folder, 'concepts', 'kempten-sankt-mang'), {recursive: true});
  rmSync(join(concept, '2028'), {recursive: true});
  rmSync(join(concept, '.ihk'), {recursive: true, force: true});
  const there = readdirSync(join(current, 'massnahmen')).map((n) => n.replace('.yaml', ''));
  const whole = there.filter((id) => readFileSync(file(id), 'utf8').length > 1500);
  for (let n = 0; there.length + n < MEASURES; n += 1) {
    const text = readFileSync(file(whole[n]), 'utf8').replace(/^id: .*/m, `id: M${101 + n}`)
      .replace(/^(nummer|hervorgegangen_aus|aufgegangen_in|teil_von): .*\n/gm, '')
      .replace(/^kosten:\n(?: .*\n)+/m, '').replace(/^unbekannt:\n(?: .*\n)+/m, ''); // twice the money would break the limits of the concept
    const unknown = 'unbekannt:\n  kosten: Nur zum Messen.\n';
    writeFileSync(file(`M${101 + n}`), `${text.trimEnd()}\n${unknown}`);
  }
  const order = join(current, 'konzept.yaml');
  const text = readFileSync(order, 'utf8');
  if (/^reihenfolge:/m.test(text)) {
    const added = Array.from({length: MEASURES - there.length}, (_, n) => `M${101 + n}`).join(', ');
    writeFileSync(order, text.replace(/^(reihenfolge:\s*\[[^\]]*)\]/m, `$1, ${added}]`));
  }
};

// ------------------------------------------------------------------------------------------------- the server

const serve = () => new Promise((ready, broken) => {
  const child = spawn(IHK, ['--project', folder, 'serve', '--port', '0'], {stdio: ['ignore', 'ignore', 'pipe']});
  let said = '';
  child.stderr.on('data', (d) => {
    said += d;
    const address = said.match(/http:\/\/127\.0\.0\.1:\d+\//)?.[0];
    if (address) ready({child, address, said: () => said});
  });
  child.on('exit', (code) => broken(new Error(`ihk serve ended with ${code}: ${said}`)));
});

const ended = ({child}) => new Promise((r) => { child.removeAllListeners('exit'); child.on('exit', (code) => r(code)); });

// ------------------------------------------------------------------------------------------------- looking

const judge = async (target) => {
  await target.evaluate(axe);
  const {violations} = await target.evaluate((tags) => window.axe.run(document, {runOnly: tags, resultTypes: ['violations'], iframes: false}), TAGS);
  return violations.map((v) => `${v.id} (${v.impact}) ${v.nodes.length}×, first: ${v.nodes[0].target.join(' ')}`);
};

const shown = (page) => page.waitForFunction(
  () => document.querySelector('#links iframe:not(.kommt)')?.contentDocument?.body && !document.querySelector('#links iframe.kommt'), {timeout: 30000},
);
const inFrame = (page, f, ...a) => page.evaluate((text, args) => {
  const w = document.querySelector('#links iframe:not(.kommt)').contentWindow;
  return new Function('doc', 'w', 'args', `return (${text})(doc, w, ...args)`)(w.document, w, args);
}, f.toString(), a);
// The frame's policy forbids new Function; the page is asked from outside, where it does not hold.
const open = async (browser, address, {width = 1280, height = 900, scheme = 'light'} = {}) => {
  const page = await browser.newPage();
  const errors = [];
  page.on('console', (m) => { if (['error', 'warn'].includes(m.type())) errors.push(m.text()); });
  page.on('pageerror', (e) => errors.push(e.message));
  await page.setBypassCSP(true);
  await page.setViewport({width, height});
  await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
  await page.goto(address);
  return {page, errors};
};

// Resolves with the milliseconds after the save when a text stands in an element: after the next picture was painted.
const seen = (page, id, text) => page.evaluate((i, t) => new Promise((done, broken) => {
  const end = Date.now() + 20000;
  const look = () => {
    const doc = document.querySelector('#links iframe:not(.kommt)')?.contentDocument;
    if (doc?.getElementById(i)?.textContent.includes(t)) requestAnimationFrame(() => setTimeout(() => done(Date.now())));
    else if (Date.now() > end) broken(new Error(`„${t}“ never appears in ${i}`));
    else requestAnimationFrame(look);
  };
  look();
}), id, text);

const median = (a) => a.toSorted((x, y) => x - y)[Math.floor(a.length / 2)];
const figures = (a) => `median ${median(a)} ms, fastest ${Math.min(...a)}, slowest ${Math.max(...a)}`;

// ------------------------------------------------------------------------------------------------- what is judged

const speed = async (browser, base) => {
  const {page, errors} = await open(browser, `${base}musterstadt-ost/2024/`);
  await shown(page);
  const ids = readdirSync(join(current, 'massnahmen')).map((n) => n.replace('.yaml', '')).filter((id) => /^beschreibung: \|/m.test(readFileSync(file(id), 'utf8')));
  const [first, whole, sums] = [[], [], []];
  for (let n = 0; n < SAVES + 2; n += 1) {
    const id = ids[n % ids.length];
    const [word, label] = [`Probewort${n}`, `Arbeitstitel ${n}`];
    const text = readFileSync(file(id), 'utf8').replace(/^beschreibung: \|\n(\s+)/m, `beschreibung: |\n$1${word} `);
    const patched = seen(page, id, word);
    const begin = Date.now();
    writeFileSync(file(id), text);
    const visible = (await patched) - begin;
    await page.waitForFunction((i, w) => {
      const frame = document.querySelector('#links iframe:not(.kommt)');
      return !document.querySelector('#links iframe.kommt') && frame.dataset.seen !== 'yes' && frame.contentDocument.getElementById(i)?.textContent.includes(w)
        && (frame.dataset.seen = 'yes');
    }, {timeout: 30000}, id, word);
    if (n > 1) { first.push(visible); whole.push(Date.now() - begin); } // the first two warm up
    // What a change means elsewhere on the page: the title of a measure stands in the contents too.
    if (n % 5 === 4) {
      const renamed = readFileSync(file(id), 'utf8').replace(/^titel: .*/m, `titel: ${label}`).replace(/^kurztitel: .*\n/m, '');
      const elsewhere = seen(page, 'haupt', `${label}`).then(() => page.waitForFunction(
        (t) => document.querySelector('#links iframe:not(.kommt)').contentDocument.querySelector('nav.inhalt')?.textContent.includes(t), {timeout: 30000}, label,
      ));
      const start = Date.now();
      writeFileSync(file(id), renamed);
      await elsewhere;
      sums.push(Date.now() - start);
    }
    await sleep(300);
  }
  console.log(`  a change can be seen: ${figures(first)} (${SAVES} saves, ${MEASURES} measures, load ${loadavg()[0].toFixed(1)})`);
  console.log(`  the whole page is new: ${figures(whole)}; a title in the contents: ${figures(sums)}`);
  check(median(first) < LIMIT, 'speed', `the median is not below ${LIMIT} ms`);
  check(errors.length === 0, 'speed', errors[0]);
  await page.close();
};

const keeping = async (browser, base) => {
  const {page, errors} = await open(browser, `${base}musterstadt-ost/2024/`);
  await shown(page);
  // Somewhere in the middle, with a search and a sorted table.
  await inFrame(page, (doc) => {
    doc.querySelector('.suche input').value = 'straße';
    doc.querySelector('.suche input').dispatchEvent(new Event('input', {bubbles: true}));
    doc.querySelector('.uebersicht .spalte').click();
  });
  const before = await inFrame(page, (doc, w) => {
    const hit = [...doc.querySelectorAll('article.massnahme')].filter((e) => e.checkVisibility())[2];
    hit.scrollIntoView();
    return {id: hit.id, top: hit.getBoundingClientRect().top, sorted: doc.querySelector('.uebersicht th[aria-sort]').ariaSort,
      hits: doc.querySelector('.suche [role=status]').textContent, y: w.scrollY};
  });
  check(before.y > 500, 'keeping', 'the page did not scroll');
  // A chapter far above grows by many lines.
  const main = join(current, 'konzept.yaml');
  const text = readFileSync(main, 'utf8');
  const line = 'Ein langer Absatz, der oben dazukommt und alles nach unten schiebt, Satz für Satz und Zeile für Zeile.';
  writeFileSync(main, text.replace(/^( +)text: \|\n( +)/m, `$1text: |\n${`$2${line}\n\n`.repeat(15)}$2`));
  await page.waitForFunction((t) => document.querySelector('#links iframe:not(.kommt)')?.contentDocument.body.textContent.includes(t), {timeout: 20000}, 'Satz für Satz');
  const after = await inFrame(page, (doc, w, id) => ({
    top: doc.getElementById(id).getBoundingClientRect().top, sorted: doc.querySelector('.uebersicht th[aria-sort]')?.ariaSort,
    hits: doc.querySelector('.suche [role=status]').textContent, y: w.scrollY,
  }), before.id);
  check(Math.abs(after.top - before.top) < 3, 'keeping', `the reader's place moved by ${Math.round(after.top - before.top)} px`);
  check(after.y > before.y + 100 || after.y !== before.y, 'keeping', 'nothing grew above');
  check(after.sorted === before.sorted, 'keeping', 'the table is not sorted any more');
  check(after.hits === before.hits, 'keeping', `the search is gone: ${after.hits} instead of ${before.hits}`);
  writeFileSync(main, text);
  await sleep(1500);
  check(errors.length === 0, 'keeping', errors[0]);
  await page.close();
};

const broken = async (browser, base) => {
  const {page} = await open(browser, `${base}musterstadt-ost/2024/`);
  await shown(page);
  const said = (what) => page.waitForFunction((w) => document.querySelector('.stand').textContent.includes(w), {timeout: 20000}, what)
    .then(() => true, () => false);
  const text = readFileSync(file('M03'), 'utf8');
  const states = [
    ['a broken line', () => writeFileSync(file('M03'), `${text}\n  kosten: [\n`), 'M03.yaml:'],
    ['a status that there is not', () => writeFileSync(file('M03'), text.replace(/^status: .*/m, 'status: laeuft')), 'laeuft'],
    ['two saves within 10 ms', () => { writeFileSync(file('M03'), 'x: ['); writeFileSync(file('M03'), text); }, '0 Fehler|Keine Fehler'],
  ];
  for (const [what, act, words] of states) {
    act();
    let ok = false;
    for (const w of words.split('|')) ok ||= await said(w);
    check(ok, 'broken', `${what}: the page says „${await page.$eval('.stand', (e) => e.textContent)}“`);
    check(await inFrame(page, (doc) => doc.querySelectorAll('article.massnahme').length) > 40, 'broken', `${what}: the report is gone`);
    if (what === 'a broken line') {
      const link = await page.$eval('#erster a', (a) => a.href);
      check(/^vscode:\/\/file\/.*M03\.yaml:\d+:\d+$/.test(link), 'broken', `the link does not lead to the line: ${link}`);
    }
  }
  // An editor that writes beside and renames; then a Fassung that goes away and comes back.
  writeFileSync(join(current, 'massnahmen', '.M03.yaml.tmp'), text.replace(/^titel: .*/m, 'titel: Umbenannt gespeichert'));
  const renamed = seen(page, 'M03', 'Umbenannt gespeichert');
  renameSync(join(current, 'massnahmen', '.M03.yaml.tmp'), file('M03'));
  await renamed.catch((e) => check(false, 'broken', `saved by renaming: ${e.message}`));
  renameSync(current, join(concept, 'weg'));
  check(await said('gibt es nicht mehr'), 'broken', 'nothing says that the Fassung is gone');
  check(await inFrame(page, (doc) => doc.querySelectorAll('article.massnahme').length) > 40, 'broken', 'the last good page is gone with its Fassung');
  renameSync(join(concept, 'weg'), current);
  writeFileSync(file('M03'), text);
  await page.waitForFunction(() => !document.querySelector('.stand').textContent.includes('gibt es nicht mehr'), {timeout: 20000})
    .catch(() => check(false, 'broken', 'the Fassung came back, but the page does not say so'));
  // A template of the project that does not parse.
  cpSync(join(CONCEPTS, '..', 'templates', 'teile', 'massnahme.html.j2'), join(folder, 'templates', 'teile', 'massnahme.html.j2'), {recursive: true});
  await sleep(1500);
  writeFileSync(join(folder, 'templates', 'teile', 'massnahme.html.j2'), '{% macro massnahme(m) %}{{ m.titel }');
  await sleep(300);
  writeFileSync(file('M03'), text);
  check(await said('massnahme.html.j2'), 'broken', `a broken template: the page says „${await page.$eval('.stand', (e) => e.textContent)}“`);
  check(await inFrame(page, (doc) => doc.querySelectorAll('article.massnahme').length) > 40, 'broken', 'a broken template takes the report away');
  rmSync(join(folder, 'templates'), {recursive: true});
  writeFileSync(file('M03'), text);
  check(await said('Keine Fehler'), 'broken', 'the template is whole again, but the page does not say so');
  await page.close();
};

const views = async (browser, base) => {
  for (const scheme of ['light', 'dark']) {
    for (const width of [320, 768, 1280]) {
      for (const [name, path] of [['frame', 'musterstadt-ost/2024/'], ['list', ''], ['findings', 'musterstadt-ost/2024/befunde.html']]) {
        const where = `${name} ${scheme} ${width}`;
        const {page, errors} = await open(browser, `${base}${path}`, {width, scheme});
        if (name === 'frame') {
          await shown(page);
          await page.waitForFunction(() => !document.querySelector('#satz').textContent.includes('Wird geprüft'), {timeout: 20000});
        }
        for (const v of await judge(page)) check(false, where, v);
        check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), where, 'the page scrolls sideways');
        check(errors.length === 0, where, errors[0]);
        await page.close();
      }
    }
  }
  // Report and comparison side by side, chosen with the keyboard; the choice is in the address.
  const {page} = await open(browser, `${base}musterstadt-ost/2024/`, {width: 1600});
  await shown(page);
  await page.focus('#daneben');
  await page.keyboard.type('Verg');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('#rechts iframe:not(.kommt)')?.contentDocument?.querySelector('.synopse'), {timeout: 20000})
    .catch(() => check(false, 'side by side', 'the comparison does not stand beside the report'));
  const wide = await page.$$eval('.feld', (all) => all.map((e) => e.getBoundingClientRect().width));
  check(wide.length === 2 && wide.every((w) => w > 700), 'side by side', `widths ${wide}`);
  check(page.url().endsWith('?daneben=synopse.html'), 'side by side', page.url());
  const outline = await page.$eval('#daneben:focus-visible', (e) => getComputedStyle(e).outlineStyle).catch(() => 'none');
  check(outline !== 'none', 'side by side', 'no visible focus');
  await page.close();
};

const pdf = async (browser, base) => {
  const {page} = await open(browser, `${base}kempten-sankt-mang/2011/`);
  await shown(page);
  await page.click('#pdf');
  const running = await page.waitForFunction(() => document.querySelector('#lauf').checkVisibility(), {timeout: 5000}).then(() => true, () => false);
  check(running, 'pdf', 'no progress is shown');
  // The preview answers while the PDF is being set.
  const word = 'Nebenbeiwort';
  const other = join(folder, 'concepts', 'kempten-sankt-mang', '2011.yaml');
  const text = readFileSync(other, 'utf8');
  const id = text.match(/^massnahmen:\n(?:\s*#.*\n)*\s+- id: (\S+)/m)[1];
  writeFileSync(other, text.replace(/^(massnahmen:\n(?:.*\n)*?\s+titel: ).*/m, `$1${word}`));
  await seen(page, id, word).catch((e) => check(false, 'pdf', e.message));
  const begin = Date.now();
  await page.waitForFunction(() => document.querySelector('#fertig').checkVisibility(), {timeout: 180000});
  console.log(`  PDF in the background: about ${Math.round((Date.now() - begin) / 1000)} s`);
  check((await page.$eval('#fertig', (e) => e.textContent)).includes('älterer Stand'), 'pdf', 'nothing says that the PDF is older than the page');
  const head = await page.evaluate(async () => new TextDecoder().decode(new Uint8Array(await (await fetch('bericht.pdf')).arrayBuffer()).slice(0, 5)));
  check(head === '%PDF-', 'pdf', `it is no PDF: ${head}`);
  writeFileSync(other, text);
  await page.close();
};

const end = async (server) => {
  const gone = ended(server);
  const begin = Date.now();
  server.child.kill('SIGINT');
  const code = await Promise.race([gone, sleep(5000).then(() => 'nothing')]);
  const took = Date.now() - begin;
  console.log(`  Ctrl-C: ended with ${code} after ${took} ms`);
  check(code === 130, 'end', `ended with ${code}`);
  check(took < 2000, 'end', `took ${took} ms`);
};

const run = async () => {
  prepare();
  const server = await serve();
  const browser = await puppeteer.launch({executablePath: CHROMIUM, args: ['--no-sandbox', '--force-color-profile=srgb', '--disable-background-networking']});
  try {
    for (const part of (process.env.PARTS ?? 'speed,keeping,broken,views,pdf').split(',')) {
      console.log(part);
      await {speed, keeping, broken, views, pdf}[part](browser, server.address);
    }
    console.log('end');
    const listening = await open(browser, `${server.address}musterstadt-ost/2024/`);
    await shown(listening.page);
    await end(server);
  } finally {
    server.child.kill('SIGKILL');
    await browser.close();
    rmSync(folder, {recursive: true, force: true});
  }
};

await run().catch((error) => {
  console.error(error);
  process.exit(2);
});
console.log(`${failures} violations`);
process.exit(failures ? 1 : 0);
