#include "records/table.hpp"

namespace vt::records {

std::string insertion_into(const Table& table) {
    std::string names;
    std::string values;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        names += (i > 0 ? ", " : "") + std::string(table.columns[i].name);
        values += (i > 0 ? ", $" : "$") + std::to_string(i + 1);
    }
    return "INSERT INTO " + std::string(table.name) + " (" + names + ") VALUES (" + values +
           ") ON CONFLICT DO NOTHING";
}

}  // namespace vt::records
