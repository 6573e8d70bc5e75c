// adapter-node behind `compression`, as its documentation proposes; PORT says where.
import { createServer } from "node:http";
import compression from "compression";
import { handler } from "./build/handler.js";

const compressed = compression();
createServer((request, response) => compressed(request, response, () => handler(request, response))).listen(
  Number(process.env.PORT),
  "127.0.0.1",
);
