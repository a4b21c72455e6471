// A Modbus TCP server of npm's modbus-serial. Tells its port on stdout; a line "ADDRESS WORD WORD ..." sets registers.
const net = require("net");
const readline = require("readline");
const { ServerTCP } = require("modbus-serial");

const registers = new Uint16Array(1000);
const vector = { getHoldingRegister: (address) => registers[address] };

const probe = net.createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => {
        const server = new ServerTCP(vector, { host: "127.0.0.1", port });
        server.on("initialized", () => console.log(port));
    });
});

readline
    .createInterface({ input: process.stdin })
    .on("line", (line) => {
        const [address, ...words] = line.split(" ").map(Number);
        registers.set(words, address);
        console.log("set");
    })
    .on("close", () => process.exit(0));
