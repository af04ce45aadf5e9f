// All tests of the dashboard are one file for the runner: they share one build of the dashboard and one browser.

import './journeys.ts'
import './edits.ts'
import './oversight.ts'
import './refusals.ts'
import './every-page.ts'
