// Uses the stack's web pages as people do, and takes a picture of each.
'use strict';

const path = require('path');
const { chromium } = require('playwright-core');

const [executablePath, pictures, airflow, sqlpad, trino] = process.argv.slice(2);

async function main() {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    for (const [name, use] of [['airflow-grid', backfill], ['sqlpad', runSavedQuery], ['trino', watchQueries]]) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
      page.setDefaultTimeout(60000);
      try {
        await use(page);
      } catch (error) {
        // What the page said tells why, where nobody sees its picture.
        console.error(page.url() + '\n' + (await page.locator('body').innerText()).slice(0, 2000));
        throw error;
      } finally {
        await page.screenshot({ path: path.join(pictures, name + '.png') });
        await page.close();
      }
    }
  } finally {
    await browser.close();
  }
}

async function backfill(page) {
  await page.goto(airflow + '/dags/insights');
  await page.fill('input[name=username]', 'admin');
  await page.fill('input[name=password]', process.env.AIRFLOW_PASSWORD);
  await page.click('button[type=submit]');
  await page.getByRole('button', { name: 'Trigger' }).click();
  await page.getByText('Run this Dag for a range of dates').click();
  for (const end of [0, 1]) {
    await page.getByTestId('datetime-input').nth(end).click();
    await page.getByPlaceholder('YYYY/MM/DD').locator('visible=true').fill('2024/01/02');
    await page.getByPlaceholder('HH:mm').locator('visible=true').fill('00:00');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.getByPlaceholder('HH:mm').locator('visible=true').waitFor({ state: 'hidden' });
  }
  await page.getByText('1 run will be triggered.').waitFor();
  await page.getByRole('button', { name: 'Run Backfill' }).click();
  const banner = page.getByText('Backfill in progress');
  await banner.waitFor();
  await banner.waitFor({ state: 'hidden', timeout: 300000 });
  const expand = page.getByRole('button', { name: 'Expand all task groups' });
  for (let load = 1; ; load++) {
    // Afresh, without the message that the backfill was started.
    await page.goto(airflow + '/dags/insights');
    try {
      await expand.click({ timeout: 30000 });
      break;
    } catch (error) {
      // A server under load may answer one of a page's many requests too late; a person would load it again.
      if (load === 4) throw error;
    }
  }
  await page.getByText('grouped_insights').first().waitFor();
}

async function runSavedQuery(page) {
  await page.goto(sqlpad + '/signin');
  await page.fill('input[name=email]', 'admin@lake.local');
  await page.fill('input[name=password]', process.env.SQLPAD_PASSWORD);
  await page.click('button[type=submit]');
  await page.waitForURL('**/queries/new');
  for (let load = 1; ; load++) {
    await page.goto(sqlpad + '/queries/events-by-name');
    await page.getByRole('button', { name: 'Run' }).click();
    try {
      await page.getByText('submit', { exact: true }).first().waitFor({ timeout: 30000 });
      break;
    } catch (error) {
      // A query that is run before the page knows its connection ends with "Cannot read properties of null", which takes a
      // server under load; a person would run it again.
      if (load === 4) throw error;
    }
  }
}

async function watchQueries(page) {
  await page.goto(trino + '/ui/');
  await page.fill('input[name=username]', 'admin');
  await page.click('button[type=submit], input[type=submit]');
  await page.getByText('Finished', { exact: true }).click();
  await page.getByText('grouped_insights').first().waitFor();
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
