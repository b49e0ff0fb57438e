#include "base/version.hpp"

#include "app/commands.hpp"
#include "base/json_writer.hpp"

#include <cstdio>

namespace vt::app {

Exit version(bool as_json) {
    if (as_json) {
        JsonWriter out;
        out.begin_object().field("name", "virtuoso").field("version", kVersion).end_object();
        std::printf("%s\n", std::string(out.text()).c_str());
    } else {
        std::printf("virtuoso %s\n", std::string(kVersion).c_str());
    }
    return Exit::ok;
}

}  // namespace vt::app
