#pragma once

#include "base/json_writer.hpp"
#include "views/snapshot.hpp"

namespace vt::api {

// What trading shows: the members of a document, inside an object that is open. Of trading that is off, or has not
// begun, every list and figure is null, and `trading` says why.

void write_positions(JsonWriter& out, const views::Snapshot& snapshot);
void write_orders(JsonWriter& out, const views::Snapshot& snapshot);
void write_portfolio(JsonWriter& out, const views::Snapshot& snapshot);
void write_risk(JsonWriter& out, const views::Snapshot& snapshot);

}  // namespace vt::api
