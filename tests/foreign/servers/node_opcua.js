// An OPC UA server of npm's node-opcua with the double ns=1;s=LEVEL. Its certificates go to the folder argv[2].
// Tells its port on stdout; a line "LEVEL VALUE" sets the node. Above 8 the server raises an alarm of its own.
const net = require("net");
const readline = require("readline");
const { DataType, MessageSecurityMode, OPCUACertificateManager, OPCUAServer, SecurityPolicy } = require("node-opcua");

console.log = console.warn = console.error; // what the library has to say must not stand among our answers
const say = (text) => process.stdout.write(`${text}\n`);

let level = 0;

async function serve(port) {
    const server = new OPCUAServer({
        hostname: "127.0.0.1",
        port,
        allowAnonymous: true,
        securityPolicies: [SecurityPolicy.None],
        securityModes: [MessageSecurityMode.None],
        serverCertificateManager: new OPCUACertificateManager({ rootFolder: process.argv[2] }),
    });
    await server.initialize();
    const space = server.engine.addressSpace;
    space.installAlarmsAndConditionsService();
    const node = space.getOwnNamespace().addVariable({
        organizedBy: space.rootFolder.objects,
        browseName: "LEVEL",
        nodeId: "s=LEVEL",
        dataType: "Double",
    });
    node.setValueFromSource({ dataType: DataType.Double, value: level });
    const tank = space.getOwnNamespace().addObject({
        organizedBy: space.rootFolder.objects.server,
        browseName: "TANK",
        notifierOf: space.rootFolder.objects.server,
    });
    node.addReference({ referenceType: "HasEventSource", isForward: false, nodeId: tank });
    space.getOwnNamespace().instantiateExclusiveLimitAlarm("ExclusiveLimitAlarmType", {
        browseName: "HIGH",
        conditionSource: node,
        inputNode: node,
        highLimit: 8.0,
        optionals: ["ConfirmedState"],
    });
    await server.start();
    readline
        .createInterface({ input: process.stdin })
        .on("line", (line) => {
            level = Number(line.split(" ")[1]);
            node.setValueFromSource({ dataType: DataType.Double, value: level });
            say("set");
        })
        .on("close", () => process.exit(0));
    say(port);
}

const probe = net.createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => serve(port));
});
