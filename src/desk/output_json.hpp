#pragma once

#include "base/json_writer.hpp"
#include "desk/desk.hpp"
#include "market/instrument_directory.hpp"

namespace vt::desk {

/// One thing that the desk said as a JSON object; `kind` tells which (docs/formats/trades.md).
void write_output(JsonWriter& out, const Output& output, const market::InstrumentDirectory& instruments);

/// A judgement as a JSON object: what stood in the way, every check with value, limit and distance.
void write_judgement(JsonWriter& out, const Judgement& judgement, const market::Instrument& instrument);

}  // namespace vt::desk
