#!/usr/bin/env bash
# `make documents`: every document as pictures, page by page, in end2end/artifacts/documents. To be looked at.
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"

have pdftoppm || die "No pdftoppm: scripts/setup.sh test"
target_dir
scripts/typesetter.sh debug
out=end2end/artifacts/documents
rm -rf "$out"
mkdir -p "$out"
for sample in documents/samples/*.json; do
  name="$(basename "$sample" .json)"
  node -e '
    const data = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    process.stdout.write(JSON.stringify({ template: data.template, ident: data.template, made_at: 1795424400, data }));
  ' "$sample" | "$CARGO_TARGET_DIR/debug/kopeck-typeset" >"$out/$name.pdf"
  pdftoppm -r 80 -png "$out/$name.pdf" "$out/$name"
done
note "$out: $(find "$out" -name '*.png' | wc -l) pages of $(find "$out" -name '*.pdf' | wc -l) documents"
