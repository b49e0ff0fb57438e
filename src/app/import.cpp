#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "base/json_writer.hpp"
#include "base/version.hpp"
#include "storage/capture_import.hpp"

#include <cstdio>

namespace vt::app {

Exit import(const ImportOptions& options) {
    storage::ImportParams params{.captures = {options.captures.begin(), options.captures.end()},
                                 .out = options.out,
                                 .instruments = {},
                                 .program = "virtuoso " + std::string(kVersion),
                                 .origin = "imported from"};
    for (const std::string& capture : options.captures) params.origin += " " + capture;
    for (const std::string& text : options.instruments) {
        const auto instrument = storage::parse_instrument(text);
        if (!instrument) return report(instrument.error());
        params.instruments.push_back(*instrument);
    }
    const auto made = storage::import_capture(params);
    if (!made) return report(made.error());
    if (options.as_json) {
        JsonWriter out;
        out.begin_object().field("out", options.out).field("events", made->events).field("frames", made->frames);
        out.field("snapshots", made->snapshots)
            .field("skipped_lines", made->skipped_lines)
            .field("bytes", made->bytes)
            .end_object();
        std::printf("%s\n", std::string(out.text()).c_str());
    } else {
        std::printf("%s: %llu events (%llu frames, %llu snapshots), %llu bytes\n", options.out.c_str(),
                    static_cast<unsigned long long>(made->events), static_cast<unsigned long long>(made->frames),
                    static_cast<unsigned long long>(made->snapshots), static_cast<unsigned long long>(made->bytes));
    }
    if (made->skipped_lines > 0) {
        std::fprintf(stderr, "virtuoso: %llu lines hold no record; the first is %s\n",
                     static_cast<unsigned long long>(made->skipped_lines), made->first_skipped.c_str());
    }
    return Exit::ok;
}

}  // namespace vt::app
