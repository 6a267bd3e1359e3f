// Reads SQL by name as JSON from stdin and writes the syntax errors of each to stdout.
// Runs in the directory that holds node_modules: `node parse.mjs DIRECTORY`.

import fs from "node:fs";
import { register } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

// The package is written for bundlers: its imports name neither files nor endings, which Node demands.
register(
  "data:text/javascript," +
    encodeURIComponent(`
      export async function resolve(specifier, context, next) {
        try {
          return await next(specifier, context);
        } catch (error) {
          for (const file of [specifier + ".js", specifier + "/index.js"]) {
            try {
              return await next(file, context);
            } catch {}
          }
          throw error;
        }
      }
    `),
);

const entry = path.join(process.argv[2], "node_modules/dt-sql-parser/dist/index.js");
const { TrinoSQL } = await import(pathToFileURL(entry));
const queries = JSON.parse(fs.readFileSync(0, "utf8"));
const parser = new TrinoSQL();
const errors = Object.entries(queries).map(([name, sql]) => [
  name,
  parser.validate(sql).map((error) => `line ${error.startLine}, column ${error.startColumn}: ${error.message}`),
]);
fs.writeSync(1, JSON.stringify(Object.fromEntries(errors)));
